import { isDeepStrictEqual } from "node:util";
import {
  type Case,
  type Check,
  defineCase,
  delivers,
  everyEnvelope,
  everyPayment,
  hangsUp,
  type Observed,
  paidOnce,
  paymentsOf,
  providedItPays,
  type SeenPayment,
} from "../../engine/client/index.ts";
import {
  describeJson,
  Finding,
  field,
  type Json,
  type JsonObject,
  NotApplicable,
} from "../../engine/index.ts";

/** What the shop says about an extension that nobody knows. */
const greeting = {
  info: { greeting: "Hello", depth: { of: [1, 2] }, options: {}, guests: [], host: null },
  schema: { type: "object" },
};

/** What comes back of the extensions in a challenge. */
export const extensionCases: readonly Case[] = [
  defineCase({
    id: "client.extensions.echoed",
    requirement: "C-PAY-06",
    title: "The info of an extension comes back in full, also when nobody knows the extension",
    probe: (t) =>
      t.sells({ asks: { challenge: (challenge) => ({ ...challenge, extensions: { greeting } }) } }).expect(
        providedItPays,
        everyEnvelope((envelope) => {
          const info = field(field(field(envelope, "extensions"), "greeting"), "info");
          const kept = Object.entries(greeting.info).every(([key, value]) =>
            isDeepStrictEqual(field(info, key), value),
          );
          if (kept) return;
          const actual = info === undefined ? "missing" : JSON.stringify(info);
          throw new Finding("The info is not echoed.", JSON.stringify(greeting.info), actual);
        }),
      ),
  }),
  defineCase({
    id: "client.extensions.unknown",
    requirement: "C-SET-04",
    title: "An extension that nobody knows keeps no client from paying",
    probe: (t) =>
      t
        .sells({ asks: { challenge: (challenge) => ({ ...challenge, extensions: { greeting } }) } })
        .expect(paidOnce),
  }),
  defineCase({
    id: "client.extensions.identifier",
    requirement: "C-PAY-27",
    title: "A shop that requires a payment identifier gets one",
    probe: (t) =>
      t.sells({ asks: { challenge: requiringIdentifier } }).expect(
        providedItPays,
        everyPayment((payment) => {
          const id = identifierOf(payment);
          if (typeof id === "string" && /^[A-Za-z0-9_-]{16,128}$/.test(id)) return;
          throw new Finding("There is no identifier.", "an id of 16 to 128 letters", describeJson(id));
        }),
      ),
  }),
  defineCase({
    id: "client.extensions.identifier-stays",
    requirement: "C-PAY-27",
    title: "A payment that is sent again keeps its identifier",
    probe: (t) =>
      t
        .sells({ asks: { challenge: requiringIdentifier }, answers: [hangsUp(), delivers()] })
        .expect(providedItPays, sameIdentifier),
  }),
  defineCase({
    id: "client.extensions.identifier-is-fresh",
    requirement: "C-PAY-27",
    title: "Two purchases never share an identifier",
    probe: async (t) => {
      const sale = () =>
        t
          .sells({ asks: { challenge: requiringIdentifier } })
          .expect(providedItPays)
          .done();
      const [first = [], second = []] = (await Promise.all([sale(), sale()])).map(identifiersIn);
      if (first.length === 0 && second.length === 0) throw new NotApplicable(sendsNone);
      const shared = first.find((id) => second.includes(id));
      if (shared !== undefined)
        throw new Finding("An identifier comes twice.", "a new one", describeJson(shared));
    },
  }),
  defineCase({
    id: "client.extensions.identifier-keeps-info",
    requirement: "C-PAY-06",
    title: "A payment identifier is added to what the shop says about it",
    probe: (t) =>
      t.sells({ asks: { challenge: requiringIdentifier } }).expect(
        providedItPays,
        everyEnvelope((envelope) => {
          const info = field(field(field(envelope, "extensions"), identifier), "info");
          if (field(info, "required") === true) return;
          throw new Finding("The info is not echoed.", '{"required":true}', describeJson(info));
        }),
      ),
  }),
];

const identifier = "payment-identifier";

function requiringIdentifier(challenge: JsonObject): Json {
  const schema = { type: "object", properties: { required: { type: "boolean" }, id: { type: "string" } } };
  return { ...challenge, extensions: { [identifier]: { info: { required: true }, schema } } };
}

const sendsNone = "The client sends no identifier, of which client.extensions.identifier tells.";

function identifierOf({ envelope }: SeenPayment): Json | undefined {
  return field(field(field(field(envelope, "extensions"), identifier), "info"), "id");
}

function identifiersIn(observed: Observed): readonly Json[] {
  return paymentsOf(observed).flatMap((payment) => identifierOf(payment) ?? []);
}

const sameIdentifier: Check = (observed) => {
  const ids = [...new Set(paymentsOf(observed).map(identifierOf))];
  if (ids.every((id) => id === undefined)) throw new NotApplicable(sendsNone);
  if (ids.length > 1) {
    throw new Finding("The identifier changes.", describeJson(ids[0]), ids.map(describeJson).join(", "));
  }
};
