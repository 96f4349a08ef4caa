// What the server refuses, read as the errors of each API.
import { projectId } from "./connection";
import * as jeton from "./jeton";

const apiToken = { type: "backend", tokenName: "web-shop" };
const projectToken = { name: "dashboard" };

async function mintEach(path: { projectId: string }, caller = {}) {
  const { error } = await jeton.createPublicShareToken({ path, ...caller });
  console.log("share token:", error?.status, error?.code);
  await mintApiToken(path, caller);
  await mintProjectToken(path, caller);
}

async function mintApiToken(path: { projectId: string }, caller = {}) {
  const { error } = await jeton.createProjectApiToken({ path, ...caller, body: apiToken });
  if (error) console.log("API token:", error.name);
}

async function mintProjectToken(path: { projectId: string }, caller = {}) {
  const { data, error } = await jeton.createProjectToken({ path, ...caller, body: projectToken });
  if (error) console.log("project token:", error.status, error.code);
  return data;
}

async function mintTwice() {
  const { error } = await jeton.createProject({ body: { id: projectId } });
  console.log("share token:", error?.status, error?.code);
  await mintApiToken({ projectId });
  await mintApiToken({ projectId });
  await mintProjectToken({ projectId });
}

async function main() {
  const viewer = await mintProjectToken({ projectId });
  await mintEach({ projectId }, { auth: "nobody-knows-this-token" });
  await mintEach({ projectId }, { auth: viewer?.token });
  await mintEach({ projectId: "no-such-project" });
  await mintTwice();
}

main();
