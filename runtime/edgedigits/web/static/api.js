// The server's API. Every failure becomes one ApiError with the parts that the server gives.

export class ApiError extends Error {
  constructor(parts) {
    super(parts.what);
    this.parts = parts;
  }
}

async function send(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError({ what: "The server does not answer.", remedy: "Is it still running, and on the same network?" });
  }
  if (answer.ok) return answer;
  if (answer.status === 401) {
    location.reload(); // the server shows its sign-in page instead
  }
  const body = await answer.json().catch(() => null);
  throw new ApiError({ what: `The server answered ${answer.status}.`, ...body?.error, status: answer.status });
}

export async function readPicture(blob) {
  const started = performance.now();
  const answer = await send("/api/read", { method: "POST", body: blob });
  const reading = await answer.json();
  reading.timing_ms.transfer = Math.max(0, performance.now() - started - reading.timing_ms.total);
  return reading;
}

export async function annotate(blob) {
  const answer = await send("/api/read", { method: "POST", body: blob, headers: { Accept: "image/png" } });
  return answer.blob();
}

export const model = async () => (await send("/api/model")).json();

export const open = (path, signal) => send(path, { signal });

// Runs one job at a time; of those offered meanwhile only the newest is kept.
export class Latest {
  #busy = false;
  #next = null;

  constructor(work) {
    this.work = work;
  }

  async offer(job) {
    this.#next = { job };
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.#next) {
        const { job: now } = this.#next;
        this.#next = null;
        await this.work(now);
      }
    } finally {
      this.#busy = false;
    }
  }
}
