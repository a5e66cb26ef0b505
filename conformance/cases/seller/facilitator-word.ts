import { Difference, Finding } from "../../engine/index.ts";
import {
  type Case,
  type Check,
  defineCase,
  expectField,
  type Observed,
  provided,
  receipt,
  refused,
  served,
  settled,
  turnedAway,
} from "../../engine/seller/index.ts";
import { aSale } from "./sale.ts";

/** What a seller makes of the facilitator's word: when it is false, and when it is not for the buyer. */
export const facilitatorWordCases: readonly Case[] = [
  defineCase({
    id: "seller.settlement.false-yes-to-a-forged-payment",
    requirement: "S-ORD-02",
    title: "A forged payment buys nothing from a seller whose facilitator calls everything valid",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      await t.underFault("verify-accepts-everything", t.buy({ signedByStranger: true }).expect(turnedAway));
    },
  }),
  defineCase({
    id: "seller.settlement.false-yes-to-an-underpayment",
    requirement: "S-ORD-02",
    title: "An underpayment buys nothing from a seller whose facilitator calls everything valid",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      const underpaid = t.buy({ authorization: (signed) => ({ ...signed, value: signed.value - 1n }) });
      await t.underFault("verify-accepts-everything", underpaid.expect(turnedAway));
    },
  }),
  defineCase({
    id: "seller.settlement.names-the-network-itself",
    requirement: "S-ORD-09",
    title: "The receipt names the network also when the facilitator leaves it out",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      await t.underFault("settle-without-network", t.buy().expect(namesIfServed(t.context.sandbox.network)));
    },
  }),
  ...(["verify-without-payer", "settle-without-payer"] as const).map((fault) =>
    defineCase({
      id: `seller.settlement.sells-on-${fault}`,
      requirement: "S-ORD-23",
      title: `A sale comes about also when the facilitator does not name the payer, which it need not: ${fault}`,
      needs: ["own-facilitator"],
      control: aSale,
      probe: async (t) => {
        await t.underFault(fault, t.buy().expect(served, settled(1)));
      },
    }),
  ),
  ...(
    [
      { id: "seller.settlement.internals-stay-inside", fault: "verify-500" },
      { id: "seller.settlement.settle-internals-stay-inside", fault: "settle-tells-internals" },
    ] as const
  ).map(({ id, fault }) =>
    defineCase({
      id,
      requirement: "S-PAY-25",
      title: `The facilitator's internal error text does not reach the buyer: ${fault}`,
      needs: ["own-facilitator"],
      control: aSale,
      probe: async (t) => {
        await t.underFault(fault, t.buy().expect(provided(refused), noInternals));
      },
    }),
  ),
  defineCase({
    id: "seller.settlement.stack-stays-inside",
    requirement: "S-PAY-25",
    protocol: "any",
    title: "A facilitator that breaks makes the seller tell the buyer nothing of its own insides",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      await t.underFault("settle-500", t.buy().expect(provided(refused), noStack));
    },
  }),
  ...(["verify-extension-responses", "settle-extension-responses"] as const).map((fault) =>
    defineCase({
      id: `seller.settlement.keeps-${fault}`,
      requirement: "S-EXT-10",
      title: `What the facilitator tells the seller in EXTENSION-RESPONSES does not reach the buyer: ${fault}`,
      needs: ["own-facilitator"],
      control: aSale,
      probe: async (t) => {
        await t.underFault(fault, t.buy().expect(noExtensionResponses));
      },
    }),
  ),
];

function isServed({ answer }: Observed): boolean {
  return answer.status >= 200 && answer.status < 300;
}

/** A seller that does not take such a settlement for one is stricter. */
function namesIfServed(network: string): Check {
  return async (observed) => {
    if (!isServed(observed)) return;
    await provided(receipt(() => {}))(observed);
    await receipt((r) => expectField(r, "network", network, (value) => value === network))(observed);
  };
}

/** Text of the faults that tell internals. */
const internals = /10\.1\.2\.3|db\.js|Pool\.connect/;

const noInternals: Check = ({ answer }) => {
  const decoded = ["payment-required", "payment-response", "x-payment-response"].map((name) =>
    Buffer.from(answer.headers[name] ?? "", "base64").toString("utf8"),
  );
  const shown = [answer.body, ...Object.values(answer.headers), ...decoded].join("\n");
  const leak = internals.exec(shown)?.[0];
  if (leak === undefined) return;
  throw new Finding("The facilitator's raw error reached the buyer.", "no internal text", leak);
};

/** A line of a stack trace, as Node and the browsers write it. */
const stackLine = /\bat [^\n]{0,200}(?:file:\/\/|node_modules|\/)[^\n]{0,200}:\d+:\d+/;

const noStack: Check = ({ answer }) => {
  const line = stackLine.exec(answer.body)?.[0];
  if (line === undefined) return;
  throw new Difference(
    "A stack trace reached the buyer. Handle the error of a failed settlement; Express shows traces unless NODE_ENV is production.",
    "no stack trace",
    line,
  );
};

const noExtensionResponses: Check = ({ answer }) => {
  const forwarded = answer.headers["extension-responses"];
  if (forwarded === undefined) return;
  throw new Finding(
    "The facilitator's EXTENSION-RESPONSES reached the buyer.",
    "no EXTENSION-RESPONSES header",
    forwarded,
  );
};
