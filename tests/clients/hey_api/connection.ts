// Where the server is and who calls it.
import type { Auth } from "./jeton/client";
import { client } from "./jeton/client.gen";

export const projectId = process.env.JETON_PROJECT!;

// At the endpoints of OAuth this client would take a token for the name and password of Basic.
export function bearer(token?: string) {
  return ({ scheme }: Auth) => (scheme === "basic" ? undefined : token);
}

client.setConfig({ baseUrl: process.env.JETON_URL, auth: bearer(process.env.JETON_TOKEN) });
