/** What would be `app/weather/route.ts` in Next.js: a handler for each method, from Request to Response. */
import { paid } from "./paid.ts";

const sell = paid("GET /weather", "$0.001", async (request) => {
  const city = new URL(request.url).searchParams.get("city");
  return Response.json({ city, sky: "cloudy", temperatureCelsius: 12 });
});

export async function GET(request: Request): Promise<Response> {
  // Before the paywall: nobody pays for a request that is going to be refused.
  if (new URL(request.url).searchParams.get("city")) return sell(request);
  return Response.json({ error: "The query parameter city is missing." }, { status: 400 });
}
