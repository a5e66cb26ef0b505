import type { Document } from "./hint-sources.ts";
import { type Transport, textWithin } from "./transport.ts";

/** What a server publishes about itself. */
export interface DiscoveryDocuments {
  readonly openApi?: Document | undefined;
  readonly wellKnown?: Document | undefined;
}

const patience = 2_000;
const largestDocument = { bytes: 262_144, milliseconds: patience };

/** Asks an origin for `/openapi.json` and `/.well-known/x402`, once per origin. Whatever fails is left out. */
export function documentFinder({ fetch }: Pick<Transport, "fetch">) {
  const found = new Map<string, Promise<DiscoveryDocuments>>();

  const read = async (url: string): Promise<Document | undefined> => {
    try {
      const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(patience) });
      const text = response.ok ? await textWithin(response, largestDocument) : undefined;
      if (text !== undefined) return { url, json: JSON.parse(text) };
      await response.body?.cancel();
    } catch {
      return undefined;
    }
    return undefined;
  };

  const readAll = async (origin: string): Promise<DiscoveryDocuments> => {
    const [openApi, wellKnown] = await Promise.all([
      read(`${origin}/openapi.json`),
      read(`${origin}/.well-known/x402`),
    ]);
    return { openApi, wellKnown };
  };

  return (origin: string): Promise<DiscoveryDocuments> => {
    const documents = found.get(origin) ?? readAll(origin);
    found.set(origin, documents);
    return documents;
  };
}
