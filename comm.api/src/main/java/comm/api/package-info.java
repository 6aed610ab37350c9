/**
 * What a program that communicates between ranks uses.
 *
 * <p>Begin with {@link comm.api.Communicator#open(comm.api.CommConfig)}; it leads to {@link
 * comm.api.WindowSet} and {@link comm.api.Window}. Everything that can go wrong at run time is a
 * {@link comm.api.CommException}; wrong arguments are {@link IllegalArgumentException} or {@link
 * IndexOutOfBoundsException} and wrong order of calls is {@link IllegalStateException}, all thrown
 * before anything is touched. No method takes or returns {@code null}.
 *
 * @serial exclude
 */
package comm.api;
