// When the server refuses because it was asked too often, and when to ask again.
import { jeton, projectId } from "./connection";

const inProject = { params: { path: { projectId } } };

async function refused<T extends { response: Response }>(ask: () => Promise<T>): Promise<T> {
  for (let asked = 0; asked < 20; asked += 1) {
    const answer = await ask();
    if (answer.response.status === 429) return answer;
  }
  throw new Error("never refused");
}

async function main() {
  const path = "/v1/projects/{projectId}/public-share-token";
  const { error } = await refused(() => jeton.GET(path, inProject));
  if (error && "retryAfter" in error) console.log("share token:", error.code, error.retryAfter);

  const api = await refused(() => jeton.GET("/api/admin/projects/{projectId}/api-tokens", inProject));
  console.log("API token:", api.error?.name, api.response.headers.get("Retry-After"));

  const project = await refused(() => jeton.GET("/api/projects/{projectId}/tokens", inProject));
  console.log("project token:", project.error?.code, project.error?.info?.retryAfter);
}

main();
