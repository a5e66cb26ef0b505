import { isDeepStrictEqual } from "node:util";
import {
  field,
  isJsonObject,
  type Json,
  type JsonObject,
  NotApplicable,
  objectOf,
} from "../../engine/index.ts";
import {
  type Case,
  defineCase,
  type PaymentChange,
  served,
  settled,
  type Trader,
  trying,
  turnedAway,
} from "../../engine/seller/index.ts";
import { offeredExtensions } from "./extension-offers.ts";
import { aSale } from "./sale.ts";

/** What buyers send back of the extensions that they were offered: they may add to `info`, and change nothing. */
export const extensionEchoCases: readonly Case[] = [
  defineCase({
    id: "seller.extensions.overwritten-info",
    requirement: "S-PAY-19",
    title: "A payment that overwrites a value of an extension's `info` is refused",
    control: aSale,
    probe: (t) => refusesEach(t, (info, name) => ({ ...info, [name]: another(info[name]) })),
  }),
  defineCase({
    id: "seller.extensions.deleted-info",
    requirement: "S-PAY-19",
    title: "A payment that leaves out a value of an extension's `info` is refused",
    control: aSale,
    probe: (t) =>
      refusesEach(t, (info, name) =>
        Object.fromEntries(Object.entries(info).filter(([key]) => key !== name)),
      ),
  }),
  defineCase({
    id: "seller.extensions.left-out",
    requirement: "S-PAY-20",
    title: "A payment that echoes only some of the extensions, or none, is taken",
    control: aSale,
    probe: async (t) => {
      const offered = Object.entries(await offeredExtensions(t));
      const isRequired = ([, entry]: [string, Json]) => field(field(entry, "info"), "required") === true;
      const required = offered.filter(isRequired).map(([key]) => key);
      const [one, ...others] = offered.filter((entry) => !isRequired(entry)).map(([key]) => key);
      if (one === undefined)
        throw new NotApplicable("The challenge has no extension that a buyer may leave out.");
      const echoes = others.length === 0 ? [required] : [required, [...required, one]];
      for (const keys of echoes) {
        await t
          .buy(echoingOnly(keys))
          .expect(trying(`echoing ${keys.join(", ") || "none"}`, served, settled(1)))
          .done();
      }
    },
  }),
];

/** Fields that a seller makes anew for each challenge, so that it cannot know what it sent. */
const fresh: Readonly<Record<string, readonly string[]>> = {
  "offer-receipt": ["offers"],
  "sign-in-with-x": ["nonce", "issuedAt", "expirationTime", "notBefore", "requestId"],
};

/** Tampers with one field of every extension that has one that stays the same, in a payment of its own. */
async function refusesEach(t: Trader, tamper: (info: JsonObject, name: string) => JsonObject): Promise<void> {
  const places = steadyFields(await offeredExtensions(t), await offeredExtensions(t));
  if (places.length === 0) {
    throw new NotApplicable("The challenge has no extension with an `info` that stays the same.");
  }
  for (const { key, name } of places) {
    await t
      .buy(changing(key, (info) => tamper(info, name)))
      .expect(turnedAway)
      .done();
  }
}

/** Of each extension, the first field of `info` that two challenges agree about. */
function steadyFields(one: JsonObject, other: JsonObject): { key: string; name: string }[] {
  return Object.keys(one).flatMap((key) => {
    const [info, again] = [field(field(one, key), "info"), field(field(other, key), "info")];
    if (!isJsonObject(info) || !isJsonObject(again)) return [];
    const name = Object.keys(info).find(
      (candidate) => !fresh[key]?.includes(candidate) && isDeepStrictEqual(info[candidate], again[candidate]),
    );
    return name === undefined ? [] : [{ key, name }];
  });
}

/** Changes the `info` of one extension in a payment. */
function changing(key: string, change: (info: JsonObject) => JsonObject): PaymentChange {
  const envelope = (honest: JsonObject): Json => {
    const extensions = field(honest, "extensions");
    const entry = field(extensions, key);
    const info = field(entry, "info");
    if (!isJsonObject(extensions) || !isJsonObject(entry) || !isJsonObject(info)) return honest;
    return { ...honest, extensions: { ...extensions, [key]: { ...entry, info: change(info) } } };
  };
  return { envelope };
}

/** Leaves out every extension but these. */
function echoingOnly(keys: readonly string[]): PaymentChange {
  const envelope = ({ extensions, ...rest }: JsonObject): Json => {
    const echoed = Object.entries(objectOf(extensions)).filter(([key]) => keys.includes(key));
    return echoed.length === 0 ? rest : { ...rest, extensions: Object.fromEntries(echoed) };
  };
  return { envelope };
}

/** A value of the same shape that is not the same. */
function another(value: Json | undefined): Json {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value + 1;
  if (typeof value === "string") return `${value}-changed`;
  if (!isJsonObject(value)) return "changed";
  const [first] = Object.keys(value);
  return first === undefined ? "changed" : { ...value, [first]: another(value[first]) };
}
