// Where the server is and who calls it.
import { client } from "./jeton/client.gen";

export const projectId = process.env.JETON_PROJECT!;

client.setConfig({ baseUrl: process.env.JETON_URL, auth: process.env.JETON_TOKEN });
