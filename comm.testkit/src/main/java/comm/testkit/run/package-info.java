/**
 * How a body comes to run on ranks. Begin with {@link comm.testkit.run.RankPool}; what else is
 * public here is for the kit itself.
 */
package comm.testkit.run;
