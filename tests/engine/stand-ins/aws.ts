import { serve } from "./service";

void serve("aws");
