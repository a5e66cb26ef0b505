import { type Address, isAddress, zeroAddress } from "viem";
import type { SandboxDescription } from "#sandbox";
import { field, isJsonObject, type Json, type JsonObject, parseJson } from "../../oracles/wire/index.ts";
import type { Lifeline } from "../lifeline.ts";
import { requestTo } from "./correspondence.ts";
import type { FacilitatorRunSetup } from "./setup.ts";
import { judgedVersions, type Versions } from "./versions.ts";

/** What a facilitator says of itself. */
export interface Supported {
  /** The versions that it is judged in. */
  readonly versions: () => Promise<Versions>;
  /** The kinds of payment that `/supported` lists; asked once. None when it cannot be read. */
  readonly kinds: () => Promise<readonly JsonObject[]>;
  /** The extensions that `/supported` lists; asked once. */
  readonly extensions: () => Promise<readonly string[]>;
  /**
   * The account that it says it settles with: the one that `upto` names, otherwise the first of those that settle on EVM
   * chains; that of the zero address when it says none.
   */
  readonly settler: () => Promise<Address>;
  /**
   * Whether payments by EIP-3009 belong to what it offers: unless `/supported` lists `upto` for this chain and no `exact`.
   * That of `exact` it settles by Permit2 alone, it cannot say.
   */
  readonly offersAuthorizations: () => Promise<boolean>;
  /** The accounts that `/supported` says settlements are sent from, in lower case; asked once. */
  readonly signers: () => Promise<readonly string[]>;
  /** Whether it answers `GET /discovery/resources` with a list; tried once. */
  readonly listsResources: () => Promise<boolean>;
}

/** Asks a facilitator what it supports, when it is first needed. */
export function openSupported(
  setup: FacilitatorRunSetup,
  sandbox: SandboxDescription,
  lifeline: Lifeline,
): Supported {
  let supportedOnce: Promise<Json | undefined> | undefined;
  let listing: Promise<boolean> | undefined;
  const answer = () => (supportedOnce ??= read("/supported", setup, lifeline));
  const kinds = async () => listIn(await answer(), "kinds").filter(isJsonObject);
  return {
    versions: async () => judgedVersions(await kinds(), setup.protocol),
    kinds,
    extensions: async () => listIn(await answer(), "extensions").filter(isText),
    settler: async () => {
      const named = (await uptoKinds({ kinds, sandbox })).map((kind) =>
        field(field(kind, "extra"), "facilitatorAddress"),
      );
      return [...named, ...signersIn(await answer())].find(isEvmAddress) ?? zeroAddress;
    },
    offersAuthorizations: () => offersAuthorizations({ kinds, sandbox }),
    signers: async () => signersIn(await answer()).map((account) => account.toLowerCase()),
    listsResources: () => (listing ??= listsResources(setup, lifeline)),
  };
}

/** The kinds that a facilitator lists, and the chain of the run. */
type Listed = Pick<Supported, "kinds"> & { readonly sandbox: SandboxDescription };

/** The kinds of `upto` that it lists for the run's chain. What it settles on others cannot be tried here. */
export function uptoKinds(listed: Listed): Promise<readonly JsonObject[]> {
  return kindsOf("upto", listed);
}

/** The kinds of a scheme, in v2, that it lists for the run's chain. */
async function kindsOf(scheme: string, { kinds, sandbox }: Listed): Promise<readonly JsonObject[]> {
  const here = [sandbox.network, "eip155:*"];
  return (await kinds()).filter(
    (kind) =>
      field(kind, "scheme") === scheme &&
      field(kind, "x402Version") === 2 &&
      here.includes(String(field(kind, "network"))),
  );
}

/** A facilitator that lists nothing that could be tried is judged as all are. */
async function offersAuthorizations(listed: Listed): Promise<boolean> {
  const [exact, upto] = [await kindsOf("exact", listed), await kindsOf("upto", listed)];
  return exact.length > 0 || upto.length === 0;
}

async function listsResources(setup: FacilitatorRunSetup, lifeline: Lifeline): Promise<boolean> {
  return Array.isArray(field(await read("/discovery/resources?limit=1", setup, lifeline), "items"));
}

/** What a `GET` gives; `undefined` when it is no JSON. */
async function read(
  path: string,
  { subject, timeoutMs }: FacilitatorRunSetup,
  lifeline: Lifeline,
): Promise<Json | undefined> {
  const answer = await lifeline.send(requestTo(subject, "GET", path), { timeoutMs });
  return answer.kind === "answer" ? parseJson(answer.body) : undefined;
}

function listIn(json: Json | undefined, name: string): readonly Json[] {
  const list = field(json, name);
  return Array.isArray(list) ? list : [];
}

function signersIn(supported: Json | undefined): readonly string[] {
  const byNetwork = field(supported, "signers");
  return isJsonObject(byNetwork) ? Object.values(byNetwork).flat().filter(isText) : [];
}

function isText(value: Json): value is string {
  return typeof value === "string";
}

function isEvmAddress(value: Json | undefined): value is Address {
  return typeof value === "string" && isAddress(value, { strict: false });
}
