/** What the examples that drive chips share. */
package comm.examples.driver;
