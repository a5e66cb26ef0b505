import {
  accepted,
  type Case,
  defineCase,
  type OrderChange,
  type RepliesCheck,
  type Reply,
  reasonOf,
  refused,
  told,
} from "../../engine/facilitator/index.ts";
import { Finding, field, Unproven, Unserved } from "../../engine/index.ts";

const underpaid: OrderChange = { authorization: (a) => ({ ...a, value: a.value - 1n }) };

/** What is asked at one moment must not be mixed up: each is told of its own payment. */
export const verifiedTogetherCases: readonly Case[] = [
  defineCase({
    id: "facilitator.verify.sixteen-answers-of-their-own",
    requirement: "F-V-27",
    title:
      "Of sixteen payments of two payers verified at once, half of them underpaid, each is told of itself",
    control: async (t) => {
      await t.verify().expect(accepted).done();
      await t.verify(underpaid).expect(refused()).done();
    },
    probe: async (t) => {
      const other = await t.another();
      const makers = Array.from({ length: 4 }, () => [t, other] as const).flat();
      const good = await Promise.all(makers.map((maker) => maker.order()));
      const bad = await Promise.all(makers.map((maker) => maker.order(underpaid)));
      const orders = makers.flatMap((maker, index) =>
        [good[index], bad[index]].flatMap((order) => (order ? [[maker, order] as const] : [])),
      );
      await t
        .verifyBesides(orders)
        .expect(eachToldOfItself(new Set(bad.map(({ id }) => id))))
        .done();
    },
  }),
];

/** Whoever is asked too much need not answer all: a call that says so mixes nothing up. */
function eachToldOfItself(bad: ReadonlySet<string>): RepliesCheck {
  return (replies) => {
    const verdicts = replies.filter(isVerdict);
    if (verdicts.length === 0) throw new Unproven("None of the calls at once was answered with a verdict.");
    for (const reply of verdicts) ofItsOwnPayment(bad, reply);
  };
}

function isVerdict(reply: Reply): boolean {
  return reply.answer.status < 429 && reasonOf(reply) !== "unexpected_verify_error";
}

function ofItsOwnPayment(bad: ReadonlySet<string>, reply: Reply): void {
  const { order, json } = reply;
  const isBad = order !== undefined && bad.has(order.id);
  const isValid = field(json, "isValid") === true;
  if (isBad && isValid)
    throw new Finding(
      "An underpaid payment verifies beside others, although it is refused alone.",
      "isValid: false",
      told(reply),
    );
  if (!isBad && !isValid)
    throw new Unserved(
      "An honest payment is refused beside others, although it verifies alone.",
      "isValid: true",
      told(reply),
    );
  const payer = field(json, "payer");
  if (payer === undefined || String(payer).toLowerCase() === order?.payer.toLowerCase()) return;
  throw new Finding("The answer names the payer of another payment.", `payer: ${order?.payer}`, told(reply));
}
