// When the server refuses because it was asked too often, and when to ask again.
package main

import (
	"fmt"
	"net/http"

	"example.com/jeton/jeton"
)

func limits() {
	_, err := refused(client.ShareTokensAPI.GetPublicShareToken(root, project).Execute)
	share := failure[jeton.ShareRateLimitError](err)
	fmt.Println("share token:", share.Code, share.RetryAfter)

	response, err := refused(client.ApiTokensAPI.ListProjectApiTokens(root, project).Execute)
	api := failure[jeton.AdminError](err)
	fmt.Println("API token:", api.Name, response.Header.Get("Retry-After"))

	_, err = refused(client.ProjectTokensAPI.ListProjectTokens(root, project).Execute)
	tokens := failure[jeton.TokensError](err)
	fmt.Println("project token:", tokens.Code, tokens.Info.GetRetryAfter())
}

func refused[T any](ask func() (T, *http.Response, error)) (*http.Response, error) {
	for asked := 0; asked < 20; asked++ {
		_, response, err := ask()
		if response != nil && response.StatusCode == http.StatusTooManyRequests {
			return response, err
		}
	}
	panic("never refused")
}
