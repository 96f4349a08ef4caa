// What the server refuses, read as the errors of each API.
package main

import (
	"context"
	"fmt"

	"example.com/jeton/jeton"
)

func refusals() {
	viewer, _ := mintProjectToken(root, project)
	mintEach(as("nobody-knows-this-token"), project)
	mintEach(as(viewer.Token), project)
	mintEach(root, "no-such-project")
	mintTwice()
}

func mintEach(caller context.Context, project string) {
	_, _, err := client.ShareTokensAPI.CreatePublicShareToken(caller, project).Execute()
	tell(err)
	tell(mintApiToken(caller, project))
	_, err = mintProjectToken(caller, project)
	tell(err)
}

func mintTwice() {
	wanted := *jeton.NewCreateProjectRequest(project)
	_, _, err := client.ProjectsAPI.CreateProject(root).CreateProjectRequest(wanted).Execute()
	tell(err)
	ensure(mintApiToken(root, project) == nil)
	tell(mintApiToken(root, project))
	_, err = mintProjectToken(root, project)
	tell(err)
}

func mintApiToken(caller context.Context, project string) error {
	wanted := *jeton.NewCreateProjectApiTokenRequest("backend", "web-shop")
	mint := client.ApiTokensAPI.CreateProjectApiToken(caller, project)
	_, _, err := mint.CreateProjectApiTokenRequest(wanted).Execute()
	return err
}

func mintProjectToken(caller context.Context, project string) (*jeton.CreatedProjectToken, error) {
	wanted := *jeton.NewCreateProjectTokenRequest("dashboard")
	mint := client.ProjectTokensAPI.CreateProjectToken(caller, project)
	minted, _, err := mint.CreateProjectTokenRequest(wanted).Execute()
	return minted, err
}

func tell(err error) {
	switch refused := failure[any](err).(type) {
	case jeton.ShareError:
		fmt.Println("share token:", refused.Status, refused.Code)
	case jeton.AdminError:
		fmt.Println("API token:", refused.Name)
	case jeton.TokensError:
		fmt.Println("project token:", refused.Status, refused.Code)
	}
}
