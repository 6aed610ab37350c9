/**
 * The conformance kit: the rules of the backend contract ({@link comm.testkit.conformance.Rule})
 * and one abstract test class for each of its sections. An author of a backend extends each and
 * says in {@code backend()} what is to be tested.
 */
package comm.testkit.conformance;
