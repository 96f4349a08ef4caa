// The life of a token in each of the three APIs.
package main

import (
	"context"
	"fmt"

	"example.com/jeton/jeton"
)

func life() {
	shareToken()
	apiToken()
	projectToken()
}

func shareToken() {
	shares := client.ShareTokensAPI
	minted := must(shares.CreatePublicShareToken(root, project).Execute())
	shown := must(shares.GetPublicShareToken(root, project).Execute())
	ensure(shown.Token == minted.Token)
	anybody := context.Background()
	used := must(shares.GetPublicShare(anybody, minted.Token).Execute())
	ensure(used.ProjectId == project)
	_, err := shares.DeletePublicShareToken(root, project).Execute()
	ensure(err == nil)
	_, _, err = shares.GetPublicShare(anybody, minted.Token).Execute()
	refused := failure[jeton.ShareError](err)
	fmt.Println("share token:", refused.Status, refused.Code)
}

func apiToken() {
	tokens := client.ApiTokensAPI
	wanted := *jeton.NewCreateProjectApiTokenRequest("backend", "web-shop")
	minted := must(tokens.CreateProjectApiToken(root, project).CreateProjectApiTokenRequest(wanted).Execute())
	listed := must(tokens.ListProjectApiTokens(root, project).Execute())
	ensure(len(listed.Tokens) == 1 && listed.Tokens[0].Secret == minted.Secret)
	holder := as(minted.Secret)
	used := must(client.TokensAPI.GetSelf(holder).Execute())
	_, err := tokens.DeleteProjectApiToken(root, project, used.Id).Execute()
	ensure(err == nil)
	_, _, err = client.TokensAPI.GetSelf(holder).Execute()
	refused := failure[jeton.ShareError](err)
	fmt.Println("API token:", refused.Status, refused.Code)
}

func projectToken() {
	tokens := client.ProjectTokensAPI
	wanted := *jeton.NewCreateProjectTokenRequest("dashboard")
	wanted.SetRole(jeton.PROJECTTOKENROLE_VIEWER)
	minted := must(tokens.CreateProjectToken(root, project).CreateProjectTokenRequest(wanted).Execute())
	listed := must(tokens.ListProjectTokens(root, project).Execute())
	ensure(len(listed) == 1 && listed[0].Id == minted.Id)
	holder := as(minted.Token)
	used := must(client.TokensAPI.GetSelf(holder).Execute())
	ensure(must(tokens.DeleteProjectToken(root, project, used.Id).Execute()))
	_, _, err := client.TokensAPI.GetSelf(holder).Execute()
	refused := failure[jeton.ShareError](err)
	fmt.Println("project token:", refused.Status, refused.Code)
}
