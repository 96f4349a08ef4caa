// The life of a token in each of the three APIs.
import assert from "node:assert";
import { client, jeton, projectId } from "./connection";

const inProject = { params: { path: { projectId } } };

async function shareToken() {
  const path = "/v1/projects/{projectId}/public-share-token";
  const { data: minted } = await jeton.POST(path, inProject);
  assert(minted);
  const { data: shown } = await jeton.GET(path, inProject);
  assert.deepEqual(shown, minted);
  const share = { params: { path: { shareToken: minted.token } } };
  const { data: used } = await client().GET("/v1/public-shares/{shareToken}", share);
  assert.equal(used?.projectId, projectId);
  await jeton.DELETE(path, inProject);
  const { error: refused } = await client().GET("/v1/public-shares/{shareToken}", share);
  console.log("share token:", refused?.status, refused?.code);
}

async function apiToken() {
  const path = "/api/admin/projects/{projectId}/api-tokens";
  const body = { type: "backend", tokenName: "web-shop" };
  const { data: minted } = await jeton.POST(path, { ...inProject, body });
  assert(minted);
  const { data: listed } = await jeton.GET(path, inProject);
  assert.deepEqual(listed?.tokens, [minted]);
  const holder = client(minted.secret);
  const { data: used } = await holder.GET("/v1/self");
  assert(used);
  await jeton.DELETE(`${path}/{token}`, { params: { path: { projectId, token: used.id } } });
  const { error: refused } = await holder.GET("/v1/self");
  console.log("API token:", refused?.status, refused?.code);
}

async function projectToken() {
  const path = "/api/projects/{projectId}/tokens";
  const body = { name: "dashboard", role: "viewer" } as const;
  const { data: minted } = await jeton.POST(path, { ...inProject, body });
  assert(minted);
  const { data: listed } = await jeton.GET(path, inProject);
  assert.deepEqual(listed?.map((token) => token.id), [minted.id]);
  const holder = client(minted.token);
  const { data: used } = await holder.GET("/v1/self");
  assert(used);
  const mine = { params: { path: { projectId, tokenId: used.id } } };
  const { data: revoked } = await jeton.DELETE(`${path}/{tokenId}`, mine);
  assert(revoked);
  const { error: refused } = await holder.GET("/v1/self");
  console.log("project token:", refused?.status, refused?.code);
}

shareToken().then(apiToken).then(projectToken);
