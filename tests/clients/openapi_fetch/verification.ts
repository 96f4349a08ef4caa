// Whether tokens are good, asked by a service that holds a token of its own.
import assert from "node:assert";
import { client, jeton, projectId } from "./connection";

const params = { path: { projectId } };

async function newService() {
  const body = { name: "orders-service" };
  const { data } = await jeton.POST("/api/projects/{projectId}/tokens", { params, body });
  assert(data);
  return client(data.token);
}

async function newToken() {
  const body = { type: "backend", tokenName: "web-shop", environment: "development" };
  const path = "/api/admin/projects/{projectId}/api-tokens";
  const { data } = await jeton.POST(path, { params, body });
  assert(data);
  return data.secret;
}

async function verify(service: typeof jeton, token: string, environment: string) {
  const { data: verdict } = await service.POST("/v1/verify", { body: { token, environment } });
  console.log("verify:", verdict?.reason, verdict?.token?.name);
}

async function verifyEach(service: typeof jeton, ...tokens: string[]) {
  const body = { requests: tokens.map((token) => ({ token })) };
  const { data } = await service.POST("/v1/verify/batch", { body });
  console.log("verify each:", ...(data?.verdicts ?? []).map((verdict) => verdict.reason));
}

async function introspect(caller: typeof jeton, token: string) {
  const { data: known, error } = await caller.POST("/oauth2/introspect", form(token));
  if (error) console.log("introspect:", error.error);
  else if (known.active) console.log("introspect:", known.scope, known.username);
  else console.log("introspect: not active");
}

function form(token: string) {
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  return { body: { token }, headers };
}

async function main() {
  const service = await newService();
  const token = await newToken();
  await verify(service, token, "development");
  await verify(service, token, "production");
  await verifyEach(service, token, "nobody-knows-this-token");
  await introspect(service, token);
  await jeton.POST("/oauth2/revoke", form(token));
  await verify(service, token, "development");
  await introspect(service, token);
  await introspect(client("nobody-knows-this-token"), token);
}

main();
