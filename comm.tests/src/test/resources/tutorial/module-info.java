// @start region="module"
module dice {
  requires comm.api;
  requires comm.worker;
}
// @end
