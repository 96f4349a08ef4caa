// What the server refuses, read as the errors of each API.
import { client, jeton, projectId } from "./connection";

const apiToken = { type: "backend", tokenName: "web-shop" };
const projectToken = { name: "dashboard" };

async function mintEach(caller: typeof jeton, projectId: string) {
  const params = { path: { projectId } };
  const share = await caller.POST("/v1/projects/{projectId}/public-share-token", { params });
  console.log("share token:", share.error?.status, share.error?.code);
  await mintApiToken(caller, projectId);
  await mintProjectToken(caller, projectId);
}

async function mintApiToken(caller: typeof jeton, projectId: string) {
  const { error } = await caller.POST("/api/admin/projects/{projectId}/api-tokens", {
    params: { path: { projectId } },
    body: apiToken,
  });
  if (error) console.log("API token:", error.name);
}

async function mintProjectToken(caller: typeof jeton, projectId: string) {
  const { data, error } = await caller.POST("/api/projects/{projectId}/tokens", {
    params: { path: { projectId } },
    body: projectToken,
  });
  if (error) console.log("project token:", error.status, error.code);
  return data;
}

async function mintTwice() {
  const { error } = await jeton.POST("/v1/projects", { body: { id: projectId } });
  console.log("share token:", error?.status, error?.code);
  await mintApiToken(jeton, projectId);
  await mintApiToken(jeton, projectId);
  await mintProjectToken(jeton, projectId);
}

async function main() {
  const viewer = await mintProjectToken(jeton, projectId);
  await mintEach(client("nobody-knows-this-token"), projectId);
  await mintEach(client(viewer?.token), projectId);
  await mintEach(jeton, "no-such-project");
  await mintTwice();
}

main();
