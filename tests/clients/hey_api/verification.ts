// Whether tokens are good, asked by a service that holds a token of its own.
import assert from "node:assert";
import { bearer, projectId } from "./connection";
import * as jeton from "./jeton";

const path = { projectId };

async function newService() {
  const { data } = await jeton.createProjectToken({ path, body: { name: "orders-service" } });
  assert(data);
  return data.token;
}

async function newToken() {
  const body = { type: "backend", tokenName: "web-shop", environment: "development" };
  const { data } = await jeton.createProjectApiToken({ path, body });
  assert(data);
  return data.secret;
}

async function verify(auth: string, token: string, environment: string) {
  const { data: verdict } = await jeton.verifyToken({ auth, body: { token, environment } });
  console.log("verify:", verdict?.reason, verdict?.token?.name);
}

async function verifyEach(auth: string, ...tokens: string[]) {
  const body = { requests: tokens.map((token) => ({ token })) };
  const { data } = await jeton.verifyTokens({ auth, body });
  console.log("verify each:", ...(data?.verdicts ?? []).map((verdict) => verdict.reason));
}

async function introspect(caller: string, token: string) {
  const auth = bearer(caller);
  const { data: known, error } = await jeton.introspectToken({ auth, body: { token } });
  if (error) console.log("introspect:", error.error);
  else if (known?.active) console.log("introspect:", known.scope, known.username);
  else console.log("introspect: not active");
}

async function main() {
  const service = await newService();
  const token = await newToken();
  await verify(service, token, "development");
  await verify(service, token, "production");
  await verifyEach(service, token, "nobody-knows-this-token");
  await introspect(service, token);
  await jeton.revokeToken({ body: { token } });
  await verify(service, token, "development");
  await introspect(service, token);
  await introspect("nobody-knows-this-token", token);
}

main();
