import type { FacilitatorCall, FacilitatorSteps } from "#sandbox";
import { encodeBase64Text, field, type Json, objectOf } from "../../../engine/index.ts";
import { type FacilitatorMutant, json, telling, withSteps } from "../mutant.ts";

type Rules = FacilitatorSteps["catalogueRules"];

/** Facilitators that list wrongly what can be bought, or misread the extensions of a payment. */
export const discoveryMutants: readonly FacilitatorMutant[] = [
  {
    id: "lists-without-a-time",
    breaks: "Does not say when a resource was listed.",
    caughtBy: ["facilitator.discovery.items"],
    build: withSteps(({ advertise }, reached) => ({
      advertise: (payment, catalogue, rules) =>
        advertise(
          payment,
          {
            ...catalogue,
            put: (key, resource) => {
              reached();
              // In JSON it is null.
              catalogue.put(key, { ...resource, lastUpdated: Number.NaN });
            },
          },
          rules,
        ),
    })),
  },
  {
    id: "lists-ten-unless-told",
    breaks: "Gives ten resources to whoever names no limit.",
    caughtBy: ["facilitator.discovery.page-unless-told"],
    build: withRules(({ readPageRequest }, reached) => ({
      readPageRequest: (query) => {
        if (Object.hasOwn(Object(query), "limit")) return readPageRequest(query);
        reached();
        return readPageRequest({ ...Object(query), limit: "10" });
      },
    })),
  },
  {
    id: "lists-from-the-first-on",
    breaks: "Begins every page with the first resource.",
    caughtBy: ["facilitator.discovery.page-as-told"],
    build: withRules(({ readPageRequest }, reached) => ({
      readPageRequest: (query) => {
        const request = readPageRequest(query);
        if (!request.ok || request.value.offset === 0) return request;
        reached();
        return { ...request, value: { ...request.value, offset: 0 } };
      },
    })),
  },
  {
    id: "lists-as-many-as-wanted",
    breaks: "Gives more than 100 resources to whoever wants them.",
    caughtBy: ["facilitator.discovery.page-limits"],
    build: withRules(({ readPageRequest }, reached) => ({
      readPageRequest: (query) => {
        const limit = Number(Object(query).limit);
        if (!(limit > 100)) return readPageRequest(query);
        reached();
        const request = readPageRequest({ ...Object(query), limit: "100" });
        return request.ok ? { ...request, value: { ...request.value, limit } } : request;
      },
    })),
  },
  {
    id: "lists-what-breaks-its-schema",
    breaks: "Lists what it was told without holding it against the schema that came with it.",
    caughtBy: ["facilitator.bazaar.info-against-its-schema"],
    build: withRules(({ infoComplaint }, reached) => ({
      infoComplaint: async (declaration) => {
        if ((await infoComplaint(declaration)) !== undefined) reached();
        return undefined;
      },
    })),
  },
  {
    id: "fails-what-it-cannot-list",
    breaks: "Says that a payment was not settled when it cannot list what was declared beside it.",
    caughtBy: ["facilitator.bazaar.payment-stands", "facilitator.audit.reports-equal-transfers"],
    build: (reached) => {
      const rejected = new Set<unknown>();
      const { steps } = withSteps(({ advertise }) => ({
        advertise: async (payment, ...rest) => {
          const outcome = await advertise(payment, ...rest);
          if (outcome?.status === "rejected") rejected.add(payment.wire.nonce);
          return outcome;
        },
      }))(reached);
      const { intercept } = telling("settle", (honest, call) =>
        rejected.has(field(field(field(paymentOf(call), "payload"), "authorization"), "nonce"))
          ? { ...honest, success: false, errorReason: "invalid_payload", transaction: "" }
          : undefined,
      )(reached);
      return { ...(steps && { steps }), ...(intercept && { intercept }) };
    },
  },
  {
    id: "believes-route-templates",
    breaks: "Lists a resource wherever its route template leads.",
    caughtBy: ["facilitator.bazaar.route-template"],
    build: withRules(({ addressOf }, reached) => ({
      addressOf: (bought, template) => {
        const honest = addressOf(bought, template);
        const believed = typeof template === "string" ? `${bought.origin}${template}` : honest;
        if (believed !== honest) reached();
        return believed;
      },
    })),
  },
  {
    id: "one-entry-for-a-server",
    breaks: "Lists one tool of an MCP server, the one that was paid for last.",
    caughtBy: ["facilitator.bazaar.tools-of-one-server"],
    build: withRules(({ keyOf }, reached) => ({
      keyOf: (address, declaration) => {
        if (declaration.info.input.type !== "mcp") return keyOf(address, declaration);
        reached();
        return address;
      },
    })),
  },
  {
    id: "tells-outcomes-in-its-own-words",
    breaks: "Writes something else into EXTENSION-RESPONSES than a status for each extension.",
    caughtBy: ["facilitator.bazaar.extension-responses"],
    build: telling("settle", (honest, call) => {
      if (extensionOf(call, "bazaar") === undefined) return undefined;
      const headers = { "extension-responses": encodeBase64Text(JSON.stringify({ bazaar: "listed" })) };
      return { ...json(200, honest), headers };
    }),
  },
  {
    id: "takes-a-new-name-for-a-new-payment",
    breaks:
      "Reports a transfer that never was when a settled payment comes under another payment-identifier.",
    caughtBy: ["facilitator.identifier.one-payment-two-names"],
    build: (reached) => {
      const names = new Map<string, string>();
      return telling("settle", (honest, call) => {
        const name = JSON.stringify(extensionOf(call, "payment-identifier"));
        const payment = JSON.stringify(field(paymentOf(call), "payload"));
        const first = names.get(payment) ?? name;
        names.set(payment, first);
        return name === first ? undefined : { ...honest, transaction: `0x${"5".repeat(64)}` };
      })(reached);
    },
  },
];

/** The reference with some of its catalogue's rules replaced. */
function withRules(
  replace: (original: Rules, reached: () => void) => Partial<Rules>,
): FacilitatorMutant["build"] {
  return withSteps(({ catalogueRules }, reached) => ({
    catalogueRules: { ...catalogueRules, ...replace(catalogueRules, reached) },
  }));
}

function paymentOf({ request }: FacilitatorCall): Json | undefined {
  return field(objectOf(JSON.parse(JSON.stringify(request ?? null))), "paymentPayload");
}

function extensionOf(call: FacilitatorCall, key: string): Json | undefined {
  return field(field(paymentOf(call), "extensions"), key);
}
