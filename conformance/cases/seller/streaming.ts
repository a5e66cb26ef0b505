import { Finding } from "../../engine/index.ts";
import {
  type Case,
  type Check,
  defineCase,
  failedClosed,
  noSuccess,
  type Observed,
  provenToWithhold,
  provided,
  type Script,
  served,
  settled,
  settledBeforeFirstByte,
  status,
  type Trader,
} from "../../engine/seller/index.ts";
import { handlerHeaders, requireNoneOf } from "./handler-headers.ts";

const aStream: Script = (t) => t.buy({}, t.request("streaming")).expect(served, settled(1));

/** Characters of a stream that make its beginning: more than any preamble, less than two of its pieces. */
const beginning = 48;

/** A stream is sold like anything else: nothing of it is sent before the payment is settled. */
export const streamingCases: readonly Case[] = [
  defineCase({
    id: "seller.streaming.settled-before-the-first-byte",
    requirement: "S-ORD-19",
    title: "The transfer is on chain before the first byte of a stream is sent",
    needs: ["streaming", "authorization-flow"],
    control: aStream,
    probe: async (t) => {
      // Long enough for a seller that does not wait to be ahead of it.
      await t.facilitatorWill("settle-slow");
      await t.buyWatching(t.request("streaming")).expect(served, settled(1), settledBeforeFirstByte).done();
    },
  }),
  defineCase({
    id: "seller.streaming.failed-settlement-sends-no-byte",
    requirement: "S-ORD-19",
    title: "When settlement fails, no byte of the stream is sent",
    needs: ["streaming", "own-facilitator"],
    control: aStream,
    probe: async (t) => {
      const nothingOfIt = await withholdsTheStream(t);
      await t.underFault("settle-refuses", t.buy({}, t.request("streaming")).expect(nothingOfIt, settled(0)));
    },
  }),
  defineCase({
    id: "seller.streaming.unknown-settlement-sends-no-byte",
    requirement: "S-ORD-19",
    title: "When the facilitator does not say whether it settled, no byte of the stream is sent",
    needs: ["streaming", "own-facilitator"],
    control: aStream,
    probe: async (t) => {
      const nothingOfIt = await withholdsTheStream(t);
      const stream = t.buy({}, t.request("streaming"));
      await t.underFault("settle-hangs-up", stream.expect(failedClosed, nothingOfIt, noSuccess, settled(0)));
    },
  }),
  defineCase({
    id: "seller.streaming.failed-settlement-is-402",
    requirement: "S-ORD-03",
    title: "When the settlement for a stream fails, the answer is 402",
    needs: ["streaming", "own-facilitator"],
    control: aStream,
    probe: async (t) => {
      await t.underFault("settle-refuses", t.buy({}, t.request("streaming")).expect(status(402)));
    },
  }),
  defineCase({
    id: "seller.streaming.failed-settlement-sends-no-headers",
    requirement: "S-ORD-06",
    protocol: "any",
    title: "When settlement fails, none of the stream's headers are in the answer",
    needs: ["streaming", "own-facilitator"],
    control: aStream,
    probe: async (t) => {
      const stream = t.request("streaming");
      const ofTheHandler = await handlerHeaders(t, stream);
      const { answer } = await t.underFault("settle-refuses", t.buy({}, stream).expect(noEventStream));
      requireNoneOf(ofTheHandler, answer);
    },
  }),
];

/** The beginning of what honest buyers get is not in the answer. */
async function withholdsTheStream(t: Trader): Promise<Check> {
  const stream = t.request("streaming");
  const unpaid = await t.ask(stream).done();
  const [sold, again] = [await beginningOf(t), await beginningOf(t)];
  return provenToWithhold({
    ...sold,
    open: [unpaid.answer.body],
    again: Promise.resolve(again.answer.body),
    reportsWork: false,
  });
}

/** The stream as it is sold, cut after its beginning. */
async function beginningOf(t: Trader): Promise<Pick<Observed, "request" | "answer">> {
  const { request, answer } = await t
    .buy({}, t.request("streaming"))
    .expect(provided(settled(1)))
    .done();
  return { request, answer: { ...answer, body: answer.body.slice(0, beginning) } };
}

const noEventStream: Check = ({ answer }) => {
  const type = answer.headers["content-type"] ?? "";
  if (!type.startsWith("text/event-stream")) return;
  throw new Finding("The refusal calls itself a stream.", "another content type", type);
};
