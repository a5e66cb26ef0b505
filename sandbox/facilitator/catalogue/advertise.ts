import {
  bazaarKey,
  type DiscoveredResource,
  type ExtensionOutcome,
  readBazaarDeclaration,
} from "../../protocol/index.ts";
import type { Payment } from "../payment.ts";
import type { Catalogue } from "./catalogue.ts";
import type { CatalogueRules } from "./rules.ts";

/**
 * Lists the resource that a payment was for, as its seller declared it and the buyer sent it back (bazaar, Facilitator
 * Behavior). `undefined` when nothing was declared.
 */
export async function advertise(
  { declared, requirements }: Payment,
  catalogue: Catalogue,
  rules: CatalogueRules,
): Promise<ExtensionOutcome | undefined> {
  const extension = declared.extensions?.[bazaarKey];
  if (extension === undefined) return undefined;
  const declaration = readBazaarDeclaration(extension);
  if (!declaration.ok) return rejected(declaration.error.message);
  const bought = httpUrl(declared.resource?.url);
  if (bought === undefined) return rejected("resource.url is no URL of HTTP");
  const complaint = await rules.infoComplaint(declaration.value);
  if (complaint !== undefined) return rejected(complaint);

  const { info, routeTemplate } = declaration.value;
  const resource = rules.addressOf(bought, routeTemplate);
  const { description, mimeType } = declared.resource ?? {};
  catalogue.put(rules.keyOf(resource, declaration.value), {
    resource,
    type: info.input.type,
    x402Version: 2,
    accepts: [requirements],
    lastUpdated: Math.floor(Date.now() / 1000),
    metadata: { ...given("description", description), ...given("mimeType", mimeType) },
    extensions: { bazaar: declaration.value },
  });
  return { status: "success" };
}

function rejected(rejectedReason: string): ExtensionOutcome {
  return { status: "rejected", rejectedReason };
}

function httpUrl(text = ""): URL | undefined {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) ? url : undefined;
}

function given<Name extends keyof DiscoveredResource["metadata"]>(name: Name, value: string | undefined) {
  return value === undefined ? {} : { [name]: value };
}
