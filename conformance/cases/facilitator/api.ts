import {
  accepted,
  type Case,
  defineCase,
  httpStatus,
  isObject,
  type Merchant,
  moved,
  nothingBroadcast,
  type OrderChange,
  type ReplyCheck,
  reasonOf,
  reasons,
  refused,
  replies,
  told,
} from "../../engine/facilitator/index.ts";
import { describeJson, Finding, field, isJsonObject, type Json } from "../../engine/index.ts";
import { isBoolean, isListOf, isString, isText, listOf } from "./shapes.ts";

const underpaid: OrderChange = { authorization: (a) => ({ ...a, value: a.value - 1n }) };

/** What the endpoints answer, whatever the verdict. */
export const apiCases: readonly Case[] = [
  defineCase({
    id: "facilitator.api.verify-answers",
    requirement: "F-API-01",
    title: "/verify answers with isValid, a boolean",
    probe: (t) => t.verify().expect(isObject, replies("isValid", "a boolean", isBoolean)),
  }),
  defineCase({
    id: "facilitator.api.settle-answers-on-success",
    requirement: "F-API-02",
    title: "/settle answers with success, transaction and network when it settled",
    probe: (t) => t.settle().expect(isObject, ...settleShape),
  }),
  defineCase({
    id: "facilitator.api.settle-answers-on-failure",
    requirement: "F-API-02",
    title: "/settle answers with success, transaction and network when it did not settle",
    control: (t) => t.settle().expect(accepted, moved(1)),
    probe: (t) => t.settle(underpaid).expect(isObject, ...settleShape),
  }),
  defineCase({
    id: "facilitator.api.supported",
    requirement: "F-API-03",
    title: "/supported lists kinds, extensions and signers, and each kind has version, scheme and network",
    probe: (t) =>
      t
        .get("/supported")
        .expect(
          httpStatus(200),
          replies("kinds", "an array of {x402Version, scheme, network}", isListOf(isKind)),
          replies("extensions", "an array of strings", isListOf(isString)),
          replies("signers", "an object of arrays of addresses", isSigners),
        ),
  }),
  defineCase({
    id: "facilitator.api.signers-send-the-transfers",
    requirement: "F-API-04",
    title: "`signers` has the account that sends settlements on this network",
    probe: async (t) => {
      const { json } = await t.get("/supported").done();
      await t
        .settle()
        .expect(accepted, sentByOneOf(field(json, "signers")))
        .done();
    },
  }),
  defineCase({
    id: "facilitator.api.lists-what-it-settles",
    requirement: "F-API-05",
    title: "/supported lists exact on the network that it settles on",
    control: (t) => t.settle().expect(accepted, moved(1)),
    probe: (t) =>
      t
        .get("/supported")
        .expect(
          replies("kinds", `one of version 2, exact, ${t.context.sandbox.network}`, (kinds) =>
            listOf(kinds).some(
              (kind) =>
                field(kind, "x402Version") === 2 &&
                field(kind, "scheme") === "exact" &&
                [t.context.sandbox.network, "eip155:*"].includes(String(field(kind, "network"))),
            ),
          ),
        ),
  }),
  defineCase({
    id: "facilitator.api.settles-each-kind-it-lists",
    requirement: "F-API-05",
    title: "No kind that /supported lists is refused as unsupported",
    control: (t) => t.verify().expect(accepted),
    probe: async (t) => {
      const { json } = await t.get("/supported").done();
      for (const kind of listOf(field(json, "kinds"))) await isKnown(t, kind);
    },
  }),
  defineCase({
    id: "facilitator.api.reason-on-refusal",
    requirement: "F-API-06",
    title: "A refusal by /verify has an invalidReason",
    control: (t) => t.verify().expect(accepted),
    probe: (t) => t.verify(underpaid).expect(refused(), replies("invalidReason", "a reason", isText)),
  }),
  defineCase({
    id: "facilitator.api.reason-on-failure",
    requirement: "F-API-06",
    title: "A failure of /settle has an errorReason",
    control: (t) => t.settle().expect(accepted, moved(1)),
    probe: (t) => t.settle(underpaid).expect(refused(), replies("errorReason", "a reason", isText)),
  }),
  defineCase({
    id: "facilitator.api.no-reason-when-valid",
    requirement: "F-API-07",
    title: "A payment that verifies has no invalidReason",
    probe: (t) => t.verify().expect(accepted, replies("invalidReason", "absent", isAbsent)),
  }),
  defineCase({
    id: "facilitator.api.no-reason-when-settled",
    requirement: "F-API-07",
    title: "A settlement that succeeded has no errorReason",
    control: (t) => t.settle().expect(accepted, moved(1)),
    probe: (t) => t.settle().expect(accepted, replies("errorReason", "absent", isAbsent)),
  }),
  defineCase({
    id: "facilitator.api.no-transaction-when-nothing-was-sent",
    requirement: "F-API-08",
    title: 'A failure that sent nothing has transaction ""',
    control: (t) => t.settle().expect(accepted, moved(1)),
    probe: (t) =>
      t.settle(underpaid).expect(
        refused(),
        nothingBroadcast,
        replies("transaction", 'the empty string ""', (value) => value === ""),
      ),
  }),
  defineCase({
    id: "facilitator.api.network-is-the-settled-one",
    requirement: "F-API-09",
    title: "A settlement names the network that it was settled on, in CAIP-2",
    probe: (t) =>
      t.settle().expect(
        accepted,
        replies("network", t.context.sandbox.network, (value) => value === t.context.sandbox.network),
      ),
  }),
  defineCase({
    id: "facilitator.api.payer-is-the-payer",
    requirement: "F-API-01",
    title: "Where an answer names a payer, it is the one who pays",
    probe: async (t) => {
      await t.verify().expect(accepted, namesNobodyElse).done();
      await t.settle().expect(accepted, namesNobodyElse).done();
    },
  }),
  defineCase({
    id: "facilitator.api.refusals-are-200",
    requirement: "F-API-17",
    title: "A payment that does not verify is an answer with status 200",
    control: (t) => t.verify().expect(accepted),
    probe: (t) => t.verify(underpaid).expect(refused(), httpStatus(200)),
  }),
  defineCase({
    id: "facilitator.api.payto-in-any-case",
    requirement: "F-V-08",
    title: "payTo is compared as an address: upper and lower case are the same",
    probe: (t) =>
      t
        .settle({ terms: (terms) => ({ ...terms, payTo: String(terms.payTo).toLowerCase() }) })
        .expect(accepted, moved(1)),
  }),
];

const settleShape: readonly ReplyCheck[] = [
  replies("success", "a boolean", isBoolean),
  replies("transaction", "a string", isString),
  replies("network", "a string", isString),
];

function sentByOneOf(signers: Json | undefined): ReplyCheck {
  const addresses = Object.values(isJsonObject(signers) ? signers : {})
    .flatMap(listOf)
    .map((address) => String(address).toLowerCase());
  return async (reply) => {
    const sent = (await reply.broadcasts()).find(({ hash }) => hash === field(reply.json, "transaction"));
    if (sent === undefined)
      throw new Finding("The settlement's transaction is not there.", "it", told(reply));
    if (addresses.includes(sent.from.toLowerCase())) return;
    throw new Finding("Somebody else sent the transfer.", describeJson(signers), sent.from);
  };
}

/** Codes of payments that nobody looks into, because they are of a kind that is not supported. */
const codesOfUnknownKinds: readonly string[] = [
  ...reasons.version.spec,
  ...reasons.scheme.spec,
  ...reasons.network.spec,
];

/** In CAIP-2 those of `eip155`; of v1's names all but Solana's. */
const evmNetworks = /^eip155:|^(?!solana)[\w-]+$/;

/** Whatever is wrong with a payment of a kind, it is not that the kind is unknown. */
async function isKnown(t: Merchant, kind: Json): Promise<void> {
  const [version, scheme, network] = ["x402Version", "scheme", "network"].map((name) => field(kind, name));
  const protocol = (
    [
      [1, "x402@1"],
      [2, "x402@2"],
    ] as const
  ).find(([number]) => number === version)?.[1];
  if (protocol === undefined || scheme === undefined || network === undefined) return;
  // A pattern stands for networks of which none is known to be there, and the suite's payments are for EVM.
  if (String(network).includes("*") || !evmNetworks.test(String(network))) return;
  const order = await t.order({ terms: (terms) => ({ ...terms, scheme, network }) }, protocol);
  const reply = await t.unlessItWaits(t.present("verify", order));
  const reason = String(reasonOf(reply));
  if (!codesOfUnknownKinds.includes(reason)) return;
  throw new Finding(
    "A kind that is listed is refused as unsupported.",
    `no ${reason} for ${describeJson(kind)}`,
    told(reply),
  );
}

const namesNobodyElse = replies("payer", "the payer's address, or absent", (value, { order }) => {
  const payer = order?.payer.toLowerCase();
  return value === undefined || (typeof value === "string" && value.toLowerCase() === payer);
});

function isAbsent(value: Json | undefined): boolean {
  return value === undefined;
}

function isKind(kind: Json | undefined): boolean {
  return (
    typeof field(kind, "x402Version") === "number" &&
    isText(field(kind, "scheme")) &&
    isText(field(kind, "network"))
  );
}

function isSigners(signers: Json | undefined): boolean {
  return isJsonObject(signers) && Object.values(signers).every(isListOf(isText));
}
