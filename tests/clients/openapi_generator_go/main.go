package main

import "os"

func main() {
	programs := map[string]func(){"life": life, "verification": verification, "refusals": refusals, "limits": limits}
	programs[os.Args[1]]()
}
