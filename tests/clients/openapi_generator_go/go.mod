module example.com/jeton

go 1.19
