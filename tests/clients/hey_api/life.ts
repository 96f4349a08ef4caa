// The life of a token in each of the three APIs.
import assert from "node:assert";
import * as jeton from "./jeton";
import { projectId } from "./connection";

const path = { projectId };

async function shareToken() {
  const { data: minted } = await jeton.createPublicShareToken({ path });
  assert(minted);
  const { data: shown } = await jeton.getPublicShareToken({ path });
  assert.deepEqual(shown, minted);
  const share = { path: { shareToken: minted.token } };
  const { data: used } = await jeton.getPublicShare(share);
  assert.equal(used?.projectId, projectId);
  await jeton.deletePublicShareToken({ path });
  const { error: refused } = await jeton.getPublicShare(share);
  console.log("share token:", refused?.status, refused?.code);
}

async function apiToken() {
  const body = { type: "backend", tokenName: "web-shop" };
  const { data: minted } = await jeton.createProjectApiToken({ path, body });
  assert(minted);
  const { data: listed } = await jeton.listProjectApiTokens({ path });
  assert.deepEqual(listed?.tokens, [minted]);
  const { data: used } = await jeton.getSelf({ auth: minted.secret });
  assert(used);
  await jeton.deleteProjectApiToken({ path: { projectId, token: used.id } });
  const { error: refused } = await jeton.getSelf({ auth: minted.secret });
  console.log("API token:", refused?.status, refused?.code);
}

async function projectToken() {
  const body = { name: "dashboard", role: "viewer" } as const;
  const { data: minted } = await jeton.createProjectToken({ path, body });
  assert(minted);
  const { data: listed } = await jeton.listProjectTokens({ path });
  assert.deepEqual(listed?.map((token) => token.id), [minted.id]);
  const { data: used } = await jeton.getSelf({ auth: minted.token });
  assert(used);
  const { data: revoked } = await jeton.deleteProjectToken({ path: { projectId, tokenId: used.id } });
  assert(revoked);
  const { error: refused } = await jeton.getSelf({ auth: minted.token });
  console.log("project token:", refused?.status, refused?.code);
}

shareToken().then(apiToken).then(projectToken);
