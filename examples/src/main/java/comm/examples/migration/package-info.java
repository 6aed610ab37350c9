/** The worked examples of the migration pages, each a program for any number of ranks. */
package comm.examples.migration;
