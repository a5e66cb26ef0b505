import { givesAway } from "../../oracles/content.ts";
import { hasShapeOf } from "../../oracles/shape.ts";
import type { WireAnswer, WireRequest } from "../../oracles/wire/index.ts";
import type { Observed } from "./observed.ts";

/** What an honest buyer got, by which it is found in other answers. */
export interface Goods {
  /** The request that bought it. */
  readonly request: WireRequest;
  readonly answer: WireAnswer;
  /** What the seller shows to everybody. */
  readonly open: readonly string[];
  /** What another honest buyer got for the same request; `undefined` where that is not known. */
  readonly again: Promise<string | undefined>;
  /** Whether the subject reports runs of its paid handler, so that their absence says something. */
  readonly reportsWork: boolean;
}

/** Whether an answer has the goods in it; `unclear` where nobody can tell. */
export type Whereabouts = "given-away" | "withheld" | "unclear";

/** Said where it cannot be told whether an answer has the goods in it. */
export const neverTheSame =
  "What is sold is empty, too short or never twice the same, so that nobody can tell whether this answer has it: " +
  "give a --url whose answer can be recognized. Meanwhile the status says what is delivered.";

/**
 * Looks for the goods in an answer. Goods whose text tells nothing, since it is empty or never twice the same, are
 * looked for by the answer's status and shape.
 */
export async function whereaboutsOf(goods: Goods, observed: Observed): Promise<Whereabouts> {
  const { body } = goods.answer;
  if (givesAway(body, textsOf(observed.answer), goods.open)) return "given-away";
  const again = await goods.again;
  if (again === undefined || givesAway(body, again, goods.open)) return "withheld";
  if (goods.reportsWork && (await observed.workRuns()) === 0) return "withheld";
  const { answer } = observed;
  if (answer.status >= 200 && answer.status < 300) return inDelivery(goods, observed);
  return inRefusal([body, again], goods.open, answer.body);
}

/** An answer of success is the goods if it looks like them and was asked for with the same request. */
function inDelivery({ request, answer: sold }: Goods, { request: asked, answer }: Observed): Whereabouts {
  const looksAlike =
    answer.status === sold.status &&
    answer.headers["content-type"] === sold.headers["content-type"] &&
    (answer.body === "") === (sold.body === "");
  if (!looksAlike) return "withheld";
  return asked.method === request.method && asked.target === request.target ? "given-away" : "unclear";
}

function inRefusal(samples: readonly string[], open: readonly string[], body: string): Whereabouts {
  if (hasShapeOf(samples, body, open)) return "given-away";
  const shortest = Math.min(...samples.map((sample) => sample.trim().length));
  // Of goods that are a word or nothing at all, a refusal gives nothing; what is shorter than half of them holds less.
  const hasNoRoom = shortest < 4 || body.trim().length * 2 < shortest;
  return hasNoRoom || open.includes(body) ? "withheld" : "unclear";
}

/** All that an answer says, in its body and in its headers; those of the protocol also decoded. */
function textsOf({ body, headers }: WireAnswer): string {
  const decoded = Object.entries(headers)
    .filter(([name]) => /^(x-)?payment-/.test(name))
    .map(([, value]) => Buffer.from(value, "base64").toString("utf8"));
  return [body, ...Object.values(headers), ...decoded].join("\n");
}
