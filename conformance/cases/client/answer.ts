import {
  type Case,
  defineCase,
  delivers,
  fails,
  type Observed,
  type PaidAnswer,
  paidOnce,
  showed,
  signedOnce,
} from "../../engine/client/index.ts";
import { Unproven } from "../../engine/index.ts";

/** What a client gets for its money must reach its caller, whatever the receipt looks like. */
interface Receipt {
  readonly id: string;
  readonly requirement: string;
  readonly title: string;
  readonly answer: PaidAnswer;
}

const receipts: readonly Receipt[] = [
  {
    id: "client.answer.no-receipt",
    requirement: "C-SET-03",
    title: "Without a receipt, the content reaches the caller",
    answer: delivers({ receipt: () => undefined }),
  },
  {
    id: "client.answer.receipt-is-no-base64",
    requirement: "C-SET-03",
    title: "With a receipt that is not base64, the content reaches the caller",
    answer: delivers({ receipt: () => ({ raw: "%%% not base64 %%%" }) }),
  },
  {
    id: "client.answer.receipt-is-no-object",
    requirement: "C-SET-03",
    title: "With a receipt that is a bare number, the content reaches the caller",
    answer: delivers({ receipt: () => 42 }),
  },
  {
    id: "client.answer.receipt-is-null",
    requirement: "C-SET-03",
    title: "With a receipt that is JSON null, the content reaches the caller",
    answer: delivers({ receipt: () => null }),
  },
  {
    id: "client.answer.receipt-lacks-everything",
    requirement: "C-SET-03",
    title: "With a receipt that says nothing, the content reaches the caller",
    answer: delivers({ receipt: () => ({}) }),
  },
  {
    id: "client.answer.receipt-has-unknown-fields",
    requirement: "C-SET-04",
    title: "With a receipt of fields that nobody knows, the content reaches the caller",
    answer: delivers({ receipt: (honest) => ({ ...honest, settledAt: 1_700_000_000, fee: { bps: 3 } }) }),
  },
  {
    id: "client.answer.slow",
    requirement: "C-SET-03",
    title: "Content that comes slowly reaches the caller in whole",
    answer: delivers({ slowly: true }),
  },
];

/** The answer to a payment: the content, and the receipt. */
export const answerCases: readonly Case[] = [
  ...receipts.map(({ answer, ...definition }) =>
    defineCase({
      ...definition,
      needs: ["shows-content"],
      probe: (t) =>
        t.sells({ answers: [answer] }).expect(
          paidOnce,
          showed("the content", ({ code }) => code),
        ),
    }),
  ),
  defineCase({
    id: "client.answer.receipt-is-read",
    requirement: "C-SET-01",
    title: "The transaction of a receipt without any optional field reaches the caller",
    needs: ["shows-receipt"],
    probe: (t) =>
      t
        .sells({ answers: [delivers({ receipt: ({ payer: _, ...honest }) => honest })] })
        .expect(paidOnce, showed("the transaction", transaction)),
  }),
  defineCase({
    id: "client.answer.receipt-on-201",
    requirement: "C-SET-01",
    title: "The transaction reaches the caller when what was bought comes with status 201",
    needs: ["shows-receipt"],
    probe: (t) =>
      t
        .sells({ answers: [delivers({ status: 201 })] })
        .expect(paidOnce, showed("the transaction", transaction)),
  }),
  defineCase({
    id: "client.answer.receipt-on-500",
    requirement: "C-SET-06",
    title: "The transaction reaches the caller when the shop fails after it has settled",
    needs: ["shows-receipt"],
    probe: (t) =>
      t
        .sells({ answers: [fails(500, { takesMoney: true, hasReceipt: true })] })
        .expect(signedOnce, showed("the transaction", transaction)),
  }),
];

function transaction({ transfers: [transfer] }: Observed): string {
  if (transfer === undefined) throw new Unproven("There is no transaction.");
  return transfer.transaction;
}
