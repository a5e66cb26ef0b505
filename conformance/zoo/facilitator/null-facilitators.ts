/** A facilitator without a brain: answers every request alike, or not at all. It must earn no pass. */
export interface NullFacilitator {
  readonly id: string;
  /** Status and body; without them it never answers. */
  readonly reply?: { readonly status: number; readonly body: string };
}

export const nullFacilitators: readonly NullFacilitator[] = [
  { id: "always valid", reply: { status: 200, body: '{"isValid":true}' } },
  { id: "always invalid", reply: { status: 200, body: '{"isValid":false,"invalidReason":"no"}' } },
  {
    id: "always settled",
    reply: {
      status: 200,
      body: `{"success":true,"transaction":"0x${"0".repeat(64)}","network":"eip155:84532"}`,
    },
  },
  {
    id: "never settled",
    reply: {
      status: 200,
      body: '{"success":false,"errorReason":"no","transaction":"","network":"eip155:84532"}',
    },
  },
  { id: "always 400", reply: { status: 400, body: "{}" } },
  { id: "always 500", reply: { status: 500, body: "" } },
  { id: "hangs" },
];
