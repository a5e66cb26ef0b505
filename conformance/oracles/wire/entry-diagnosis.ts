import { describeJson, field, isJsonObject, type Json, type JsonObject } from "./json.ts";
import { probableNetwork, v1NameOf, v1Networks } from "./networks.ts";

/** The versions of x402 that a challenge can be meant for. */
export type Version = 1 | 2;

/** What the price of an entry is called. */
const priceNames: Readonly<Record<Version, string>> = { 1: "maxAmountRequired", 2: "amount" };

/** What to change about one entry of `accepts`, one sentence each. */
export function diagnoseEntry(entry: JsonObject, version: Version): string[] {
  return [
    ...(version === 1 ? networkDiagnosisV1 : networkDiagnosis)(field(entry, "network")),
    ...diagnoseAsset(entry),
    ...diagnosePrice(entry, version),
    ...timeoutDiagnosis(field(entry, "maxTimeoutSeconds")),
    ...(isJsonObject(field(entry, "extra"))
      ? []
      : [
          'An entry lacks "extra": give the token\'s EIP-712 domain, {"name":"USDC","version":"2"} for USDC on Base Sepolia.',
        ]),
  ];
}

function timeoutDiagnosis(seconds: Json | undefined): string[] {
  if (typeof seconds === "number") return [];
  return seconds === undefined
    ? ['An entry lacks "maxTimeoutSeconds": say how many seconds an authorization may live, e.g. 60.']
    : [`"maxTimeoutSeconds" is ${describeJson(seconds)}: write a number of seconds, e.g. 60.`];
}

function networkDiagnosis(network: Json | undefined): string[] {
  if (typeof network === "number")
    return [`The network is the number ${network}: write "eip155:${network}".`];
  if (typeof network !== "string" || network.includes(":")) return [];
  const meant = probableNetwork(network);
  if (meant === undefined)
    return [`The network ${JSON.stringify(network)} is no CAIP-2 name such as "eip155:8453".`];
  const v1 = Object.hasOwn(v1Networks, network) ? ` ("${network}" is its name in x402 v1)` : "";
  const inV1 = network === "base-mainnet" ? ' ("base" in x402 v1)' : v1;
  return [`The network is ${JSON.stringify(network)}: write "${meant}"${inV1}.`];
}

function networkDiagnosisV1(network: Json | undefined): string[] {
  if (typeof network !== "string" || Object.hasOwn(v1Networks, network)) return [];
  const meant = v1NameOf(probableNetwork(network) ?? network);
  return meant === undefined
    ? []
    : [`The network is ${JSON.stringify(network)}: x402 v1 calls it "${meant}".`];
}

/** What to change about an `asset` that is an asset's name in CAIP-19, e.g. `eip155:84532/erc20:0x…`. */
export function diagnoseAsset(entry: JsonObject): string[] {
  const address = addressInCaip19(field(entry, "asset"));
  return address === undefined
    ? []
    : [`The asset is named as CAIP-19 does: write its address alone, "${address}".`];
}

/** The address inside of a token's name in CAIP-19; `undefined` for anything else. */
export function addressInCaip19(asset: Json | undefined): string | undefined {
  if (typeof asset !== "string") return undefined;
  return /^[-a-z0-9]{3,8}:[-\w]{1,32}\/[-a-z0-9]{3,8}:(0x[0-9a-f]{40})$/i.exec(asset)?.[1];
}

/** What to change about the price of an entry. */
export function diagnosePrice(entry: JsonObject, version: Version): string[] {
  const name = priceNames[version];
  const amount = field(entry, name);
  const others = [...Object.values(priceNames), "price"];
  const price = amount ?? others.map((other) => field(entry, other)).find((value) => value !== undefined);
  const renamed =
    amount === undefined && price !== undefined
      ? [`The price of an entry is called "${name}" in x402 v${version}.`]
      : [];
  if (typeof price === "number")
    return [...renamed, `The amount is the number ${price}: write it as a string of atomic units.`];
  if (typeof price !== "string" || /^\d+$/.test(price)) return renamed;
  const dollars = /^\$?(\d+)\.(\d{1,6})$/.exec(price);
  const atomic = dollars === null ? undefined : BigInt(`${dollars[1]}${(dollars[2] ?? "").padEnd(6, "0")}`);
  const instead =
    atomic === undefined ? "decimal digits" : `"${atomic}" if the token has 6 decimals, as USDC does`;
  return [...renamed, `The amount ${JSON.stringify(price)} is not in atomic units: write ${instead}.`];
}
