/** A text that rules cite under an abbreviation. */
export interface Source {
  /** As it stands in a citation. */
  readonly abbreviation: string;
  /** What it stands for; paths are in the repository x402-foundation/x402. */
  readonly document: string;
  /** The revision that is meant. */
  readonly revision: string;
}

const version1 = "protocol version 1";
const version2 = "protocol version 2";
const unversioned = "no revision of its own; the text beside protocol version 2";

/**
 * What the abbreviations in citations mean. The specification names its revisions by protocol version, so that is
 * what a citation means; text that is newer than the tagged one is cited as `NEW`, and no frozen set rests on it.
 */
export const sources: readonly Source[] = [
  { abbreviation: "V1", document: "specs/x402-specification-v1.md", revision: version1 },
  { abbreviation: "V2", document: "specs/x402-specification-v2.md", revision: version2 },
  { abbreviation: "H1", document: "specs/transports-v1/http.md", revision: version1 },
  { abbreviation: "H2", document: "specs/transports-v2/http.md", revision: version2 },
  { abbreviation: "MCP2", document: "specs/transports-v2/mcp.md", revision: version2 },
  { abbreviation: "EX", document: "specs/schemes/exact/scheme_exact.md", revision: unversioned },
  { abbreviation: "EVM", document: "specs/schemes/exact/scheme_exact_evm.md", revision: unversioned },
  { abbreviation: "UP", document: "specs/schemes/upto/scheme_upto.md", revision: unversioned },
  { abbreviation: "UPE", document: "specs/schemes/upto/scheme_upto_evm.md", revision: unversioned },
  {
    abbreviation: "BS",
    document: "specs/schemes/batch-settlement/batch_settlement.md",
    revision: unversioned,
  },
  { abbreviation: "PID", document: "specs/extensions: payment-identifier", revision: unversioned },
  { abbreviation: "BAZ", document: "specs/extensions: bazaar", revision: unversioned },
  { abbreviation: "SIWX", document: "specs/extensions: sign-in-with-x", revision: unversioned },
  { abbreviation: "OR", document: "specs/extensions: offer-receipt", revision: unversioned },
  { abbreviation: "HMS", document: "specs/extensions: http-message-signatures", revision: unversioned },
  {
    abbreviation: "NEW",
    document: "newer text of the documents above",
    revision: "not in any tagged revision yet",
  },
  { abbreviation: "RFC", document: "the RFC of that number", revision: "as published" },
  { abbreviation: "GHSA", document: "a GitHub security advisory", revision: "as published" },
  { abbreviation: "PR", document: "a pull request of x402-foundation/x402", revision: "a thread" },
  { abbreviation: "#N", document: "an issue of x402-foundation/x402", revision: "a thread" },
];
