/**
 * How a body comes to run on ranks. Begin with {@link comm.testkit.run.RankPool}; what else is
 * public here is for the kit itself.
 *
 * @serial exclude
 */
package comm.testkit.run;
