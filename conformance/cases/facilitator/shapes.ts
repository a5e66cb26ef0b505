import type { Json } from "../../engine/index.ts";

/** Whether a field of an answer has a shape. */
type Shape = (value: Json | undefined) => boolean;

export const isBoolean: Shape = (value) => typeof value === "boolean";

export const isNumber: Shape = (value) => typeof value === "number";

export const isString: Shape = (value) => typeof value === "string";

/** A string that says something. */
export const isText: Shape = (value) => typeof value === "string" && value !== "";

export function isListOf(isItem: Shape): Shape {
  return (value) => Array.isArray(value) && value.every(isItem);
}

/** The items of a list; none of anything else. */
export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
