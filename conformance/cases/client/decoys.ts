import { describeJson, type Json } from "../../engine/index.ts";

/** Somebody whom nobody should pay. */
export const nobody = "0x00000000000000000000000000000000DeaDBeef";

/** The same address but for its last digit, as somebody would write it who hopes that nobody looks closely. */
export function lookAlike(asset: Json | undefined): string {
  if (typeof asset !== "string") throw new Error(`The shop's own asset is ${describeJson(asset)}.`);
  const last = asset.endsWith("0") ? "1" : "0";
  return asset.slice(0, -1).toLowerCase() + last;
}
