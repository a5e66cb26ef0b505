import { type IncomingHttpHeaders, request } from "node:http";

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends a request as it is spelled: `fetch` would tidy its path and join its headers. */
export function send(
  base: string,
  path: string,
  {
    method = "GET",
    headers = {},
    body,
  }: { method?: string; headers?: Record<string, string | string[]>; body?: string } = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(base);
  const type: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    const sending = request({ hostname, port, path, method, headers: { ...type, ...headers }, agent: false });
    sending.on("error", reject);
    sending.on("response", (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text });
      });
    });
    sending.end(body);
  });
}
