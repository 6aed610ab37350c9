/**
 * Whole programs of several ranks, generated, run against the public API, and compared with what
 * they mean. For backends' authors.
 *
 * <p>Draw a {@link comm.testkit.program.Program} from {@link comm.testkit.program.Programs}, and
 * let every rank do its part of it by {@link comm.testkit.program.ProgramRank#run}:
 *
 * <pre>{@code
 * @Property(tries = 50)
 * void programs_do_what_they_say(@ForAll("programs") Program program) {
 *   new RankThreads("fabric", directory)
 *       .run(program.size(), communicator -> ProgramRank.run(program, communicator));
 * }
 *
 * @Provide
 * Arbitrary<Program> programs() {
 *   return Programs.upTo(30).withRanks(1, 8).without(Operation.ATOMICS).arbitrary();
 * }
 * }</pre>
 *
 * <p>A program that fails is shrunk and printed as Java. Paste that into a test of its own:
 *
 * <pre>{@code
 * Program program =
 *     Program.of(2)
 *         .allocate(64) // 0
 *         .barrier() // 1
 *         .put(0, 0, 1, 8, 2, 1) // 2: rank 0, set 0, window of rank 1, offset 8: the bytes 01 02
 *         .barrier() // 3
 *         .get(1, 0, 1, 8, 2) // 4
 *         .end();
 * }</pre>
 *
 * <p>Programs have no races, so their results don't depend on the ranks' speed: {@link
 * comm.testkit.program.Program} says what that takes. Ranks that are processes get the program as a
 * serialized object.
 *
 * @serial exclude
 */
package comm.testkit.program;
