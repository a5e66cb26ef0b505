import { field, type Json, v1NameOf } from "../../oracles/wire/index.ts";
import type { ProtocolId } from "../../requirements/index.ts";

/** Versions of x402: the one that is judged first, and the others. */
export type Versions = readonly [ProtocolId, ...ProtocolId[]];

/** The newest first. */
const versionNumbers = [
  ["x402@2", 2],
  ["x402@1", 1],
] as const;

/** The versions that `/supported` lists kinds of, the newest first. */
export function listedVersions(kinds: readonly Json[]): readonly ProtocolId[] {
  return versionNumbers
    .filter(([, version]) => kinds.some((kind) => field(kind, "x402Version") === version))
    .map(([protocol]) => protocol);
}

/**
 * The versions that a facilitator is judged in. The first is that in which everything is tried that is about no version:
 * whether it settles at all, and whether faults of the chain reach it. A facilitator need not speak both; one that
 * lists neither is judged in v2.
 *
 * @param asked the version that the run is about, where it says
 */
export function judgedVersions(kinds: readonly Json[], asked?: ProtocolId): Versions {
  if (asked !== undefined) return [asked];
  const [first, ...others] = listedVersions(kinds);
  return first === undefined ? ["x402@2"] : [first, ...others];
}

/** What a version calls a network, which has a name of its own in v1. */
export function networkNameIn(protocol: ProtocolId, network: string): string {
  return protocol === "x402@1" ? (v1NameOf(network) ?? network) : network;
}

/** Whether a kind names a network, as a version calls it. A pattern stands for it in v2. */
export function listsNetwork(kinds: readonly Json[], protocol: ProtocolId, network: string): boolean {
  const names = [networkNameIn(protocol, network), ...(protocol === "x402@2" ? ["eip155:*"] : [])];
  return kinds.some((kind) => names.includes(String(field(kind, "network"))));
}
