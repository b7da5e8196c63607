import * as grpc from "@grpc/grpc-js";

/** @param peer the caller's address: the same for all that comes by one connection */
type Handler<Request, Response> = (request: Request, peer: string) => Response | Promise<Response>;

/** A method that takes one message and answers with one; what it throws is told to the caller. */
export function unary<Request, Response>(handler: Handler<Request, Response>): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve()
      .then(() => handler(call.request, call.getPeer()))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback({ code: grpc.status.UNKNOWN, details: (error as Error).message }),
      );
  };
}

/** @returns the port, one of this machine's own that was free */
export function listen(server: grpc.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    const bound = (error: Error | null, port: number) => (error ? reject(error) : resolve(port));
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), bound);
  });
}
