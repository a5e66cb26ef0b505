import type { DiscoveredResource, DiscoveryPage } from "../../protocol/index.ts";
import type { PageRequest } from "./page-request.ts";

/** Resources that are kept; those that were not paid for the longest time go first. */
const mostResources = 1_000;

/** What was paid for lately, in memory. */
export interface Catalogue {
  /** Lists a resource; one that has this key already is listed anew, and keeps its other ways to pay. */
  put(key: string, resource: DiscoveredResource): void;
  /** The resources that a request asks for, the one that was paid last first. */
  page(request: PageRequest): DiscoveryPage;
}

/** Opens an empty catalogue. */
export function openCatalogue(): Catalogue {
  const resources = new Map<string, DiscoveredResource>();
  return {
    put(key, resource) {
      const before = resources.get(key)?.accepts ?? [];
      resources.delete(key);
      resources.set(key, { ...resource, accepts: joined(before, resource.accepts) });
      const [oldest] = resources.keys();
      if (resources.size > mostResources && oldest !== undefined) resources.delete(oldest);
    },
    page(request) {
      const { limit, offset } = request;
      const wanted = [...resources.values()].reverse().filter((resource) => isWanted(resource, request));
      return {
        x402Version: 2,
        items: wanted.slice(offset, offset + limit),
        pagination: { limit, offset, total: wanted.length },
      };
    },
  };
}

/** A resource may be paid for in several ways, each of which has one price at a time. */
function joined(before: readonly object[], now: readonly object[]): readonly object[] {
  const ways = now.map(wayOf);
  return [...now, ...before.filter((terms) => !ways.includes(wayOf(terms)))];
}

function wayOf(terms: object): string {
  return ["scheme", "network", "asset", "payTo"].map((name) => fieldOf(terms, name)).join(" ");
}

function isWanted(
  { type, accepts, extensions }: DiscoveredResource,
  { type: wantedType, extensions: wantedExtension, payTo, scheme, network }: PageRequest,
): boolean {
  if (wantedType !== undefined && wantedType !== type) return false;
  if (wantedExtension !== undefined && !Object.hasOwn(extensions, wantedExtension)) return false;
  const wanted = Object.entries({ payTo: payTo?.toLowerCase(), scheme, network });
  return accepts.some((terms) =>
    wanted.every(([name, value]) => value === undefined || value === fieldOf(terms, name)),
  );
}

/** Addresses are the same in any case. */
function fieldOf(terms: object, name: string): string {
  const value = String(new Map(Object.entries(terms)).get(name));
  return name === "payTo" || name === "asset" ? value.toLowerCase() : value;
}
