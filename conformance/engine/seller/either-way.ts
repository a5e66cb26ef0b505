import { Unserved } from "../finding.ts";
import { turnedAway } from "./expectations.ts";
import type { Check } from "./observed.ts";
import { settled } from "./settled.ts";
import { withheld } from "./withheld.ts";

/** What the protocol leaves to the seller: a sale like any other, paid once at the price, or a refusal that costs nothing. */
export const soldOrTurnedAway: Check = async (observed) => {
  const { status } = observed.answer;
  await (status >= 200 && status < 300 ? settled(1) : turnedAway)(observed);
};

/** Who is served was charged, once; who is not gets no content, whatever becomes of the money. */
export const settledOrWithheld: Check = async (observed) => {
  const { status } = observed.answer;
  await (status >= 200 && status < 300 ? settled(1) : withheld)(observed);
};

/** The seller did not stumble over what it was sent. */
export const noCrash: Check = ({ answer }) => {
  if (answer.status < 500) return;
  throw new Unserved(
    "The seller answered with a server error.",
    "any status below 500",
    `status ${answer.status}`,
  );
};
