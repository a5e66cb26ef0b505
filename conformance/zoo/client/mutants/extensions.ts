import { isMessage, type Message, misreading, misstating, part } from "../messages.ts";
import type { ClientMutant } from "../mutant.ts";

/** Clients that go wrong about extensions. */
export const extensionMutants: readonly ClientMutant[] = [
  {
    id: "drops-strange-extensions",
    breaks: "Leaves out extensions that it does not know.",
    caughtBy: ["client.extensions.echoed"],
    build: misstating((payment) => {
      const { greeting, ...extensions } = part(payment, "extensions");
      return greeting === undefined ? undefined : { ...payment, extensions };
    }),
  },
  {
    id: "drops-nulls-of-extensions",
    breaks: "Leaves out of an extension's info what is null.",
    caughtBy: ["client.extensions.echoed"],
    build: misstating((payment) => {
      const extensions = part(payment, "extensions");
      const greeting = part(extensions, "greeting");
      const { host, ...info } = part(greeting, "info");
      if (host !== null) return undefined;
      return { ...payment, extensions: { ...extensions, greeting: { ...greeting, info } } };
    }),
  },
  {
    id: "has-no-identifier",
    breaks: "Gives no payment identifier, though one is required.",
    caughtBy: ["client.extensions.identifier"],
    build: misstating((payment) => identifiedBy(payment, undefined)),
  },
  {
    id: "changes-its-identifier",
    breaks: "Gives another payment identifier when it presents a payment again.",
    caughtBy: ["client.extensions.identifier-stays"],
    build: misstating((payment) => identifiedBy(payment, crypto.randomUUID())),
  },
  {
    id: "has-one-identifier",
    breaks: "Gives the same payment identifier to every purchase.",
    caughtBy: ["client.extensions.identifier-is-fresh"],
    build: misstating((payment) => identifiedBy(payment, "a-client-of-good-repute")),
  },
  {
    id: "overwrites-the-info",
    breaks: "Puts its payment identifier in place of what the shop said about it.",
    caughtBy: ["client.extensions.identifier-keeps-info"],
    build: misstating((payment) => {
      const extensions = part(payment, "extensions");
      const identifier = part(extensions, "payment-identifier");
      const { id } = part(identifier, "info");
      if (id === undefined) return undefined;
      return {
        ...payment,
        extensions: { ...extensions, "payment-identifier": { ...identifier, info: { id } } },
      };
    }),
  },
  {
    id: "refuses-strange-extensions",
    breaks: "Refuses a challenge with an extension that it does not know.",
    caughtBy: ["client.extensions.unknown"],
    build: misreading((challenge) =>
      part(challenge, "extensions").greeting === undefined ? undefined : { refused: true },
    ),
  },
];

/** The same payment with another id of `payment-identifier`, if it has the extension. */
function identifiedBy(payment: Message, id: string | undefined): Message | undefined {
  const extensions = part(payment, "extensions");
  const identifier = extensions["payment-identifier"];
  if (!isMessage(identifier)) return undefined;
  const changed = { ...identifier, info: { ...part(identifier, "info"), id } };
  return { ...payment, extensions: { ...extensions, "payment-identifier": changed } };
}
