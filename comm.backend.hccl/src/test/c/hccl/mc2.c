typedef int later;
