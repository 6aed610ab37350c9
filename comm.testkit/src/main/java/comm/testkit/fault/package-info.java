/**
 * Faults for tests: at a named point of a rank's run it is killed, stopped or delayed.
 *
 * <p>A {@link comm.testkit.fault.FaultPlan} says what happens to which rank and where. It comes
 * from {@link comm.testkit.fault.Fault} annotations at a {@link comm.testkit.junit.RankTest}, or is
 * handed to {@link comm.testkit.run.RankPool#run(int, java.time.Duration, FaultPlan,
 * comm.testkit.RankBody)}. Points are the operations of a backend, and those that a test names
 * itself by {@link comm.testkit.TestRank#reach}. No backend knows of it: another one stands around
 * it for that run.
 */
package comm.testkit.fault;
