/**
 * Tests of a user's own, with a body that runs once per rank.
 *
 * <p>Begin with {@link comm.testkit.junit.RankTest}; faults are in {@link comm.testkit.fault}.
 */
package comm.testkit.junit;
