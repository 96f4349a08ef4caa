// Where the server is and who calls it.
import createClient from "openapi-fetch";
import type { paths } from "./jeton";

export const projectId = process.env.JETON_PROJECT!;

export function client(token?: string) {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  return createClient<paths>({ baseUrl: process.env.JETON_URL, headers });
}

export const jeton = client(process.env.JETON_TOKEN);
