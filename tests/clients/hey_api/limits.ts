// When the server refuses because it was asked too often, and when to ask again.
import { projectId } from "./connection";
import * as jeton from "./jeton";

const path = { projectId };

async function refused<T extends { response?: Response }>(ask: () => Promise<T>): Promise<T> {
  for (let asked = 0; asked < 20; asked += 1) {
    const answer = await ask();
    if (answer.response?.status === 429) return answer;
  }
  throw new Error("never refused");
}

async function main() {
  const { error } = await refused(() => jeton.getPublicShareToken({ path }));
  if (error && "retryAfter" in error) console.log("share token:", error.code, error.retryAfter);

  const api = await refused(() => jeton.listProjectApiTokens({ path }));
  console.log("API token:", api.error?.name, api.response?.headers.get("Retry-After"));

  const project = await refused(() => jeton.listProjectTokens({ path }));
  console.log("project token:", project.error?.code, project.error?.info?.retryAfter);
}

main();
