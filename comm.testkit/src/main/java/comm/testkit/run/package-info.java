/** Internal: how a body comes to run on ranks, and what test and ranks say to each other. */
package comm.testkit.run;
