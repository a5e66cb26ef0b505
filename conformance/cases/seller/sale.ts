import { type Script, served, settled } from "../../engine/seller/index.ts";

/** An honest purchase: the control of most cases. */
export const aSale: Script = (t) => t.buy().expect(served, settled(1));
