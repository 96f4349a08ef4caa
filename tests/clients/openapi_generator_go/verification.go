// Whether tokens are good, asked by a service that holds a token of its own.
package main

import (
	"context"
	"fmt"

	"example.com/jeton/jeton"
)

func verification() {
	service, token := newService(), newToken()
	verify(service, token, "development")
	verify(service, token, "production")
	verifyEach(service, token, "nobody-knows-this-token")
	introspect(service, token)
	_, err := client.OauthAPI.RevokeToken(root).Token(token).Execute()
	ensure(err == nil)
	verify(service, token, "development")
	introspect(service, token)
	_, _, err = client.OauthAPI.IntrospectToken(as("nobody-knows-this-token")).Token(token).Execute()
	fmt.Println("introspect:", failure[jeton.OAuthError](err).Error)
}

func newService() context.Context {
	wanted := *jeton.NewCreateProjectTokenRequest("orders-service")
	mint := client.ProjectTokensAPI.CreateProjectToken(root, project)
	return as(must(mint.CreateProjectTokenRequest(wanted).Execute()).Token)
}

func newToken() string {
	wanted := *jeton.NewCreateProjectApiTokenRequest("backend", "web-shop")
	wanted.SetEnvironment("development")
	mint := client.ApiTokensAPI.CreateProjectApiToken(root, project)
	return must(mint.CreateProjectApiTokenRequest(wanted).Execute()).Secret
}

func verify(service context.Context, token string, environment string) {
	wanted := *jeton.NewVerifyTokenRequest(token)
	wanted.SetEnvironment(environment)
	verdict := must(client.VerificationAPI.VerifyToken(service).VerifyTokenRequest(wanted).Execute())
	fmt.Println("verify:", verdict.Reason, verdict.Token.Name)
}

func verifyEach(service context.Context, tokens ...string) {
	wanted := jeton.NewVerifyTokensRequest(nil)
	for _, token := range tokens {
		wanted.Requests = append(wanted.Requests, *jeton.NewVerifyTokenRequest(token))
	}
	ask := client.VerificationAPI.VerifyTokens(service).VerifyTokensRequest(*wanted)
	fmt.Print("verify each:")
	for _, verdict := range must(ask.Execute()).Verdicts {
		fmt.Print(" ", verdict.Reason)
	}
	fmt.Println()
}

func introspect(service context.Context, token string) {
	known := must(client.OauthAPI.IntrospectToken(service).Token(token).Execute())
	if known.Active {
		fmt.Println("introspect:", *known.Scope, *known.Username)
	} else {
		fmt.Println("introspect: not active")
	}
}
