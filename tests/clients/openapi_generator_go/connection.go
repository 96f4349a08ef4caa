// Where the server is, who calls it, and what it answered.
package main

import (
	"context"
	"errors"
	"log"
	"net/http"
	"os"

	"example.com/jeton/jeton"
)

var (
	client  = connect(os.Getenv("JETON_URL"))
	project = os.Getenv("JETON_PROJECT")
	root    = as(os.Getenv("JETON_TOKEN"))
)

func connect(url string) *jeton.APIClient {
	configuration := jeton.NewConfiguration()
	configuration.Servers = jeton.ServerConfigurations{{URL: url}}
	return jeton.NewAPIClient(configuration)
}

func as(token string) context.Context {
	keys := map[string]jeton.APIKey{"ApiKeyAuth": {Key: token, Prefix: "Bearer"}}
	return context.WithValue(context.Background(), jeton.ContextAPIKeys, keys)
}

func must[T any](answer T, _ *http.Response, err error) T {
	ensure(err == nil)
	return answer
}

func ensure(truth bool) {
	if !truth {
		log.Panic("the server did not answer as documented")
	}
}

func failure[T any](err error) T {
	var answered *jeton.GenericOpenAPIError
	ensure(errors.As(err, &answered))
	return answered.Model().(T)
}
